// An authorization server and OpenID provider that is not ours, on the loopback port of its first argument. Its one
// system is known by the public key in the file of its second argument, signs in with a JWT (private_key_jwt), and gets
// JWTs for any audience. With a third argument, the URL of the service, people sign in there too: under any name, with any
// password; who is called stranger is in no group. There it is an electronic record too, which launches the service by
// SMART App Launch: the launch is the name of its context below, /fhir its FHIR server.
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
  redirect_uris: [`${service}/sign-in/oidc/return`, `${service}/launch/smart/return`],
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
  scopes: ['openid', 'launch', 'patient/ImagingStudy.rs', 'patient/Patient.rs', ...scopes.split(' ')],
  extraParams: ['launch', 'aud'],
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

const contexts = {
  study: { patient: 'p1', fhirContext: [{ reference: 'ImagingStudy/s1' }] },
  patient: { patient: 'p1' },
  nothing: {},
};
const records = {
  'ImagingStudy/s1': { identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.826.0.1.3680043.8.498.77' }] },
  'Patient/p1': { identifier: [{ type: { coding: [{ code: 'MR' }] }, system: 'urn:mrn', value: 'P77' }] },
};
const launches = new Map(); // by grant: a code's parameters are gone when its token is given
provider.on('authorization.success', (context, answer) => {
  launches.set(context.oidc.entities.Grant.jti, context.oidc.params.launch);
});
provider.use(async (context, next) => {
  if (context.path === '/fhir/.well-known/smart-configuration') {
    context.body = {
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      code_challenge_methods_supported: ['S256'],
      capabilities: ['launch-ehr', 'client-confidential-symmetric', 'context-ehr-patient'],
    };
  } else if (context.path.startsWith('/fhir/')) {
    const token = await provider.AccessToken.find((context.get('Authorization') || '').replace('Bearer ', ''));
    const name = context.path.slice('/fhir/'.length);
    context.status = token && records[name] ? 200 : token ? 404 : 401;
    context.body = { resourceType: name.split('/')[0], ...(token ? records[name] : {}) };
  } else {
    await next();
    if (context.path === '/token' && context.status === 200 && context.oidc?.entities.Grant) {
      context.body = { ...context.body, ...contexts[launches.get(context.oidc.entities.Grant.jti)] };
    }
  }
});
provider.listen(Number(port), '127.0.0.1', () => console.log(port));
