import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  exampleAuthority,
  exampleKey,
  otherAuthority,
  pastCertificate,
  serverCertificate,
  weakCertificate,
} from '../rules/example-certificates.ts';
import { foundBy, messagesOf } from '../testing/compile.ts';
import { api, gateway, policy } from '../testing/workspace.ts';

const listener = '{ name: http, protocol: http, port: 8080 }';
const https = (certificates: string) =>
  gateway.replace(listener, `{ name: https, protocol: https, port: 8443, tls: { certificates: [${certificates}] } }`);
const withChain = (chain: string, pets = api('pets')) => ({
  'gateway.yaml': https('{ certificate: ./tls/edge.pem, key: { secret: edge-key } }'),
  'tls/edge.pem': chain,
  'apis/pets.yaml': pets,
});
const on = (day: string) => ({ now: new Date(`${day}T12:00:00Z`) });

describe('a certificate of a listener', () => {
  const file = withChain(serverCertificate);
  const [expired, expires] = ['certificate-expired', 'certificate-expires'];

  it('is told at the field that names it when it has expired', async () => {
    const [found, ...more] = await foundBy(expired, file, on('2027-03-01'));
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      severity: 'error',
      message: 'The certificate of `server.example.com` in `tls/edge.pem` expired on 2026-12-10.',
      where: { file: 'gateway.yaml', object: 'Gateway/edge' },
    });
    const line = file['gateway.yaml'].split('\n')[found!.where.range!.line - 1]!;
    expect(line.slice(found!.where.range!.column - 1)).toMatch(/^\.\/tls\/edge\.pem/);
  });

  it('is told before it starts, and within 30 days of its end', async () => {
    expect(messagesOf(await foundBy(expired, file, on('2025-06-01')))).toEqual([
      'The certificate of `server.example.com` in `tls/edge.pem` is not valid before 2026-01-01.',
    ]);
    expect(await foundBy(expires, file, on('2026-11-09'))).toEqual([]);
    const soon = await foundBy(expires, file, on('2026-11-10'));
    expect(soon).toMatchObject([{ severity: 'warning', message: expect.stringContaining('expires on 2026-12-10.') }]);
    expect(await foundBy(expired, file, on('2026-11-10'))).toEqual([]);
  });

  it('is not judged by a clock where none is given', async () => {
    const past = withChain(pastCertificate);
    expect([...(await foundBy(expired, past)), ...(await foundBy(expires, past))]).toEqual([]);
  });

  it('comes first, and is followed by who signed it', async () => {
    const chain = (...parts: string[]) => foundBy('certificate-chain', withChain(parts.join('')));
    expect(await chain(serverCertificate, exampleAuthority)).toEqual([]);
    expect(messagesOf(await chain(exampleAuthority, serverCertificate))).toEqual([
      '`tls/edge.pem` begins with the authority `Example CA`, not with the server’s own certificate.',
    ]);
    expect(messagesOf(await chain(serverCertificate, otherAuthority))).toEqual([
      'In `tls/edge.pem` the certificate of `server.example.com` is not signed by `Other CA`, which follows it.',
    ]);
    expect(messagesOf(await chain(exampleKey))).toEqual([
      '`tls/edge.pem` holds no certificate that a server could show.',
    ]);
  });

  it('has a key that holds, and can be read', async () => {
    expect(messagesOf(await foundBy('certificate-weak-key', withChain(weakCertificate)))).toEqual([
      'The certificate of `weak.example.com` in `tls/edge.pem` has an RSA key of 1024 bits.',
    ]);
    expect(await foundBy('certificate-weak-key', withChain(serverCertificate))).toEqual([]);
    const damaged = serverCertificate.replace(/MII.{20}/, 'MIIB');
    expect(await foundBy('certificate-unreadable', withChain(`${exampleAuthority}${damaged}`))).toMatchObject([
      { severity: 'error', message: expect.stringContaining('Block 2 of `tls/edge.pem`') },
    ]);
  });
});

describe('the names of the certificates of a listener', () => {
  const served = (hosts: string, more: Record<string, string> = {}) =>
    foundBy('certificate-names', {
      ...withChain(serverCertificate, api('pets').replace('[api.example.com]', `[${hosts}]`)),
      ...more,
    });

  it('cover the hosts that APIs are served on, a wildcard one label', async () => {
    expect(await served("api.example.com, pets.example.org, '*.example.org'")).toEqual([]);
    const found = await served("a.pets.example.org, example.org, '*.example.com', other.example.com");
    expect(messagesOf(found).map((message) => /covers `(.*?)`/.exec(message)?.[1])).toEqual([
      '*.example.com',
      'a.pets.example.org',
      'example.org',
      'other.example.com',
    ]);
    expect(found[0]).toMatchObject({
      severity: 'warning',
      where: { file: 'gateway.yaml', object: 'Gateway/edge' },
      related: [{ where: { file: 'apis/pets.yaml' } }],
    });
  });

  it('are those of all its certificates, and unknown where one is a secret', async () => {
    const two = (second: string) => ({
      'gateway.yaml': https(`{ certificate: ./tls/edge.pem, key: { secret: a } }, ${second}`),
      'tls/past.pem': pastCertificate,
    });
    const hosts = 'api.example.com, v2.example.com';
    expect(await served(hosts, two('{ secret: b }'))).toEqual([]);
    expect(await served(hosts, two('{ certificate: ./tls/past.pem, key: { secret: b } }'))).toHaveLength(1);
  });

  it('do not matter to an API that is served elsewhere', async () => {
    const edge = withChain(serverCertificate)['gateway.yaml'].replace('listeners: [', `listeners: [${listener}, `);
    const elsewhere = api('pets').replace('[api.example.com]', '[v2.example.com], listeners: [http]');
    expect(await served('x', { 'gateway.yaml': edge, 'apis/pets.yaml': elsewhere })).toEqual([]);
    expect(
      await served('x', { 'gateway.yaml': edge, 'apis/pets.yaml': elsewhere.replace(', listeners: [http]', '') }),
    ).toHaveLength(1);
  });
});

describe('authorities and keys', () => {
  const now = on('2026-11-20');
  const trusting = (spec: string, files: Record<string, string>) => ({
    'policies/shared.yaml': policy('shared', `  selector: { labels: {} }\n${spec}`),
    ...files,
  });
  const mtls = '  auth: { anyOf: [mtls], mtls: { ca: [../tls/ca.pem] } }\n';

  it('of a shared policy are told once, where the policy names them', async () => {
    const files = trusting(mtls, {
      'tls/ca.pem': pastCertificate,
      'apis/dogs.yaml': api('dogs'),
      'apis/dogs.openapi.yaml': 'openapi: 3.0.3\ninfo: { title: D, version: 1.0.0 }\npaths: {}\n',
    });
    expect(await foundBy('certificate-expired', files, now)).toMatchObject([
      { severity: 'error', where: { file: 'policies/shared.yaml', object: 'Policy/shared' } },
    ]);
  });

  it('may hold an old one beside one that is valid', async () => {
    const files = trusting(mtls, { 'tls/ca.pem': `${pastCertificate}${exampleAuthority}` });
    expect(await foundBy('certificate-expired', files, now)).toMatchObject([{ severity: 'warning' }]);
    expect(await foundBy('certificate-chain', files, now)).toEqual([]);
  });

  it('of upstreams and of tokens are looked at as well', async () => {
    const secured = api('pets', '        tls: { ca: [../tls/ca.pem] }\n').replace('http://pets', 'https://pets');
    const upstream = { 'apis/pets.yaml': secured, 'tls/ca.pem': pastCertificate };
    expect(await foundBy('certificate-expired', upstream, now)).toMatchObject([{ where: { file: 'apis/pets.yaml' } }]);
    const jwt = '  auth: { anyOf: [jwt], jwt: { issuer: https://id.example.com, keys: [../tls/id.pem] } }\n';
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const weak = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    expect(messagesOf(await foundBy('certificate-weak-key', trusting(jwt, { 'tls/id.pem': weak })))).toEqual([
      'A public key in `tls/id.pem` has an RSA key of 1024 bits.',
    ]);
    expect(await foundBy('certificate-weak-key', trusting(jwt, { 'tls/id.pem': exampleKey }))).toEqual([]);
  });
});

describe('a private key that nobody names', () => {
  it('is found in any file that may hold certificates, with its line, and without its text', async () => {
    const key = ['-----BEGIN EC', 'PRIVATE KEY-----\nMHcCAQEEIabc\n-----END EC', 'PRIVATE KEY-----\n'].join(' ');
    const found = await foundBy('private-key-in-git', { 'old/backup.crt': `${exampleAuthority}${key}` });
    expect(found).toMatchObject([
      {
        severity: 'error',
        where: { file: 'old/backup.crt', range: { line: exampleAuthority.split('\n').length, column: 1 } },
      },
    ]);
    expect(JSON.stringify(found)).not.toContain('MHcCAQ');
    expect(await foundBy('private-key-in-git', { 'old/backup.crt': exampleAuthority })).toEqual([]);
  });
});
