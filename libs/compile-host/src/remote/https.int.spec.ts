import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { inNode } from '../testing/in-node.ts';
import { localhostCertificate, localhostKey } from '../testing/localhost-certificate.ts';

const temp = tempDir();
let server: Server;
let host = '';

beforeAll(async () => {
  server = createServer({ key: localhostKey, cert: localhostCertificate }, (_, response) => response.end('a: 1\n'));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  host = `localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** In a process of its own: which authorities are trusted is settled when it starts. */
const taken = (allowed: string, env: NodeJS.ProcessEnv = {}) =>
  inNode<{ text?: string; unreachable?: string }>(
    `const session = new host.RemoteSession([host.parseAllowedHost(${JSON.stringify(allowed)})]);
     const file = await session.take(${JSON.stringify(`https://${allowed}/a.yaml`)});
     tell('bytes' in file ? { text: Buffer.from(file.bytes).toString() } : file);`,
    60_000,
    env,
  );

describe('a file that is fetched by https', () => {
  it('comes from whom a trusted authority vouches for', async () => {
    const authorities = join(temp.path(), 'ca.pem');
    writeFileSync(authorities, localhostCertificate);
    expect(await taken(host, { NODE_EXTRA_CA_CERTS: authorities })).toEqual({ text: 'a: 1\n' });
    const other = host.replace('localhost', '127.0.0.1');
    expect((await taken(other, { NODE_EXTRA_CA_CERTS: authorities })).unreachable).toMatch(
      /no safe connection|nothing/,
    );
  });

  it('comes from nobody else', async () => {
    expect((await taken(host)).unreachable).toMatch(/no safe connection can be made \(.*SELF_SIGNED/);
  });
});
