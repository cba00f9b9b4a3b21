import { exampleKey } from './example-certificates.ts';
import { exampleApi, exampleEnvironment } from './example-workspace.ts';
import type { Rule } from './rule.ts';

const privateKey = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----\n';
const publicKey = exampleKey;
const jwt = (more: string) =>
  `${exampleApi}  policy: { auth: { anyOf: [jwt], jwt: { issuer: https://id.example.com, ${more} } } }\n`;
const withKey = jwt('keys: [./issuer.pem]');
const policy = (fields: string) => `${exampleApi}  policy: ${fields}\n`;
const secure = exampleApi.replace('http://pets.internal:8080', 'https://pets.internal:8443');

/** Rules about what policies and upstreams name, and about what nobody acts on. */
export const policyRules: readonly Rule[] = [
  {
    id: 'pem-file',
    severity: 'error',
    summary: 'A file that should hold certificates or public keys holds none.',
    why: 'Whoever is let in by it could not be told from anybody else.',
    fix: 'Put PEM there (`-----BEGIN CERTIFICATE-----`), in a file that ends in .pem, .crt or .cer.',
    bad: { 'pets/api.yaml': withKey, 'pets/issuer.pem': 'not a key\n' },
    good: { 'pets/api.yaml': withKey, 'pets/issuer.pem': publicKey },
  },
  {
    id: 'private-key-in-git',
    severity: 'error',
    summary: 'A file in the repository holds a private key.',
    why: 'Everybody who can read the repository, and every copy of it, can use the key.',
    fix: 'Take it out of the repository and its history, make a new one, and name it as a secret.',
    bad: { 'pets/api.yaml': withKey, 'pets/issuer.pem': privateKey },
    good: { 'pets/api.yaml': withKey, 'pets/issuer.pem': publicKey },
  },
  {
    id: 'unknown-operation',
    severity: 'error',
    summary: 'A policy or plan names an operation that the API does not have.',
    why: 'What is said of it would protect nothing. In a Policy that many APIs share it is a warning.',
    fix: 'Name an operationId of the document, or `<method> <path>` where an operation has none.',
    bad: { 'pets/api.yaml': policy('{ operations: { readDgo: { timeout: { request: 1s } } } }') },
    good: { 'pets/api.yaml': policy('{ operations: { readDog: { timeout: { request: 1s } } } }') },
  },
  {
    id: 'unknown-pool',
    severity: 'error',
    summary: 'A policy names a pool that the API does not have.',
    why: 'The calls would have nowhere to go.',
    fix: 'Name one of `spec.upstream.pools`.',
    bad: { 'pets/api.yaml': policy('{ mirror: { pool: stabel } }') },
    good: { 'pets/api.yaml': policy('{ mirror: { pool: stable } }') },
  },
  {
    id: 'operation-authentication',
    severity: 'error',
    summary: 'An operation asks for a way to authenticate, or for scopes, that the API has no settings for.',
    why: 'No caller could ever be let in, or everybody would be.',
    fix: 'Give the way its settings under `policy.auth` of the API.',
    bad: { 'pets/api.yaml': policy('{ operations: { readDog: { auth: { scopes: [dogs] } } } }') },
    good: {
      'pets/api.yaml': jwt('jwksUri: https://id.example.com/keys').replace(
        ' } }\n',
        ' }, operations: { readDog: { auth: { scopes: [dogs] } } } }\n',
      ),
    },
  },
  {
    id: 'upstream-tls-unused',
    severity: 'warning',
    summary: 'A pool has settings for TLS, and none of its targets has an https URL.',
    why: 'Somebody believes that these calls are protected, and they are not.',
    fix: 'Write the targets with https://, or take the settings out.',
    bad: { 'pets/api.yaml': `${exampleApi}        tls: { serverName: pets.example.com }\n` },
    good: { 'pets/api.yaml': `${secure}        tls: { serverName: pets.example.com }\n` },
  },
  {
    id: 'unsupported-by-platform',
    severity: 'error',
    summary: 'A field is part of the language, and this version of Gitway does not act on it yet.',
    why: 'A gate or a guard that is ignored is worse than none. What would only not be told or shown is a warning.',
    fix: 'Follow the hint of the finding; it says what there is in the meantime.',
    bad: { 'staging.yaml': `${exampleEnvironment}  prune: { guard: 20% }\n` },
    good: { 'staging.yaml': exampleEnvironment },
  },
];
