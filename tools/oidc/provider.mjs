// A certified OpenID provider with the settings that docs/operations.md asks for, for the tests.
// Each line of standard input is a key set (JWKS) that it signs with from then on; it answers each
// with a line, and ends when standard input does.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

import { Provider } from 'oidc-provider';

const API = 'urn:splot';
const API_SCOPES = 'registry:read registry:write screening:read';
const PEOPLE = {
  anna: { roles: ['registry_editor'], counties: '2469' },
  jan: { roles: ['guardian'], counties: [] },
  ola: { roles: [], counties: ['2469'] },
};
const CLIENTS = [
  {
    client_id: 'front-end',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['https://front-end.test/signed-in'],
  },
  {
    client_id: 'county-system',
    client_secret: 'only-for-tests',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
  },
];

const resourceIndicators = {
  enabled: true,
  defaultResource: () => API,
  useGrantedResource: () => true,
  getResourceServerInfo: () => ({
    audience: 'splot',
    scope: API_SCOPES,
    accessTokenFormat: 'jwt',
    accessTokenTTL: 10 * 60,
    jwt: { sign: { alg: 'ES256' } },
  }),
};

// Whoever logs in has agreed to everything: what is asked for is not the tests' subject.
async function agreed(ctx) {
  const grant = new ctx.oidc.provider.Grant({
    clientId: ctx.oidc.client.clientId,
    accountId: ctx.oidc.session.accountId,
  });
  grant.addOIDCScope('openid profile email offline_access');
  grant.addResourceScope(API, API_SCOPES);
  await grant.save();
  return grant;
}

const settings = (jwks) => ({
  jwks,
  clients: CLIENTS,
  cookies: { keys: ['only-for-tests'] },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  features: { resourceIndicators, clientCredentials: { enabled: true } },
  findAccount: (_, name) => name in PEOPLE && { accountId: name, claims: () => ({ sub: name }) },
  extraTokenClaims: (_, token) => PEOPLE[token.accountId] ?? { counties: ['*'] },
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  loadExistingGrant: agreed,
});

let answer = (_, response) => response.writeHead(503).end();
const server = createServer((request, response) => answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}/`;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    answer = new Provider(issuer, settings(JSON.parse(line))).callback();
    process.stdout.write(`${issuer}\n`);
  });
  lines.on('close', () => process.exit());
});
