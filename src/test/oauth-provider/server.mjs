// An authorization server that is not ours, on the loopback port of its first argument. Its one client is known by the
// public key in the file of its second argument, signs in with a JWT (private_key_jwt), and gets JWTs for any audience.
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const [port, keyFile] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const scopes = 'system/Observation.rs system/Device.rs system/DiagnosticReport.c m2ib/api.read';
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'archive',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS384',
    jwks: { keys: [JSON.parse(readFileSync(keyFile))] },
  }],
  scopes: scopes.split(' '),
  enabledJWA: { clientAuthSigningAlgValues: ['RS384', 'ES384'] }, // what SMART asks for
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (context, audience) =>
        ({ scope: scopes, audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
    },
  },
});
provider.listen(Number(port), '127.0.0.1', () => console.log(port));
