import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '@gitway/servers';
import { tempDir } from './temp-dir.ts';
import { useHaproxy } from './use-haproxy.ts';
import { waitFor } from './wait-for.ts';

describe('useHaproxy', () => {
  const haproxy = useHaproxy();
  const temp = tempDir();

  it('serves a configuration and appends what it logs to access.log', async () => {
    const port = await freePort();
    writeFileSync(
      join(temp.path(), 'haproxy.cfg'),
      `global
  log stdout format raw local0
defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend front
  bind 127.0.0.1:${port}
  log global
  log-format "{\\"path\\":\\"%HP\\"}"
  http-request return status 200 content-type text/plain string "\${GREETING}"
`,
    );
    const server = await haproxy.start(temp.path(), { GREETING: 'hello' });
    const response = await fetch(`http://127.0.0.1:${port}/some/path`);
    expect(await response.text()).toBe('hello');
    await waitFor(() => readFileSync(server.accessLog, 'utf8').includes('{"path":"/some/path"}'), {
      message: 'the request in access.log',
    });
    expect(existsSync(server.masterSocket)).toBe(true);
    await server.stop();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('says why a configuration does not start', async () => {
    writeFileSync(join(temp.path(), 'haproxy.cfg'), 'frontend front\n  no-such-keyword\n');
    await expect(haproxy.start(temp.path())).rejects.toThrow(/no-such-keyword/);
  });
});
