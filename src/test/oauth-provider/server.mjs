// An authorization server and OpenID provider that is not ours, on the loopback port of its first argument. Its one
// system is known by the public key in the file of its second argument, signs in with a JWT (private_key_jwt), and gets
// JWTs for any audience. With a third argument, the URL of the service, people sign in there too: under any name, with any
// password; who is called stranger is in no group.
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const [port, keyFile, service] = process.argv.slice(2);
const issuer = `http://${service ? 'localhost' : '127.0.0.1'}:${port}`; // another site than the service's, for browsers
const scopes = 'system/Observation.rs system/Device.rs system/DiagnosticReport.c m2ib/api.read';
const people = service ? [{
  client_id: 'm2ib',
  client_secret: 'a-secret-of-the-test-only',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [`${service}/sign-in/oidc/return`],
  post_logout_redirect_uris: [`${service}/sign-in`],
}] : [];
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'archive',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS384',
    jwks: { keys: [JSON.parse(readFileSync(keyFile))] },
  }, ...people],
  scopes: ['openid', ...scopes.split(' ')],
  claims: { openid: ['sub'], profile: ['preferred_username', 'name', 'groups'] },
  conformIdTokenClaims: false, // claims in the ID token
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      preferred_username: id,
      name: `Dr ${id}`,
      groups: id === 'stranger' ? [] : ['radiologists'],
    }),
  }),
  enabledJWA: { clientAuthSigningAlgValues: ['RS384', 'ES384'] }, // what SMART asks for
  features: {
    devInteractions: { enabled: Boolean(service) },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (context, audience) =>
        ({ scope: scopes, audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});
provider.listen(Number(port), '127.0.0.1', () => console.log(port));
