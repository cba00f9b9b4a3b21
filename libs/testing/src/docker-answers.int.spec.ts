import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { testVariables } from './config.ts';
import { dockerAnswers } from './docker-answers.ts';
import { tempDir } from './temp-dir.ts';

describe('dockerAnswers', () => {
  const temp = tempDir();
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const listen = (listener: RequestListener, at: string | number) =>
    new Promise<Server>((resolve) => {
      const server = createServer(listener);
      servers.push(server);
      const ready = () => resolve(server);
      if (typeof at === 'string') server.listen(at, ready);
      else server.listen(at, '127.0.0.1', ready);
    });
  const engine: RequestListener = (request, response) => {
    response.statusCode = request.url === '/_ping' ? 200 : 404;
    response.end('OK');
  };

  it('is true where an engine answers, over a socket and over TCP', async () => {
    const socket = join(temp.path(), 'docker.sock');
    await listen(engine, socket);
    expect(await dockerAnswers(`unix://${socket}`)).toBe(true);
    const { port } = (await listen(engine, 0)).address() as AddressInfo;
    expect(await dockerAnswers(`tcp://127.0.0.1:${port}`)).toBe(true);
  });

  it('is false where nobody listens, something else does, or the address is of another kind', async () => {
    expect(await dockerAnswers(`unix://${join(temp.path(), 'none.sock')}`)).toBe(false);
    const { port } = (await listen((_request, response) => response.writeHead(500).end(), 0)).address() as AddressInfo;
    expect(await dockerAnswers(`tcp://127.0.0.1:${port}`)).toBe(false);
    expect(await dockerAnswers('ssh://builder')).toBe(false);
  });

  it('does not wait for an engine that hangs', async () => {
    const { port } = (await listen(() => {}, 0)).address() as AddressInfo;
    expect(await dockerAnswers(`tcp://127.0.0.1:${port}`, 50)).toBe(false);
  });
});

describe('testVariables', () => {
  it('takes Docker’s own default and refuses an unknown choice', () => {
    expect(testVariables({})).toEqual({ servers: 'auto', dockerHost: 'unix:///var/run/docker.sock' });
    expect(testVariables({ GITWAY_TEST_SERVERS: 'docker', DOCKER_HOST: 'tcp://h:1' })).toEqual({
      servers: 'docker',
      dockerHost: 'tcp://h:1',
    });
    expect(() => testVariables({ GITWAY_TEST_SERVERS: 'yes' })).toThrow(/GITWAY_TEST_SERVERS must be/);
  });
});
