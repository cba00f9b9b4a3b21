import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startUpstream, type Upstream } from './index.ts';

describe('an example upstream', () => {
  let upstream: Upstream;
  beforeEach(async () => {
    upstream = await startUpstream({ name: 'content' });
  });
  afterEach(() => upstream.stop());

  it('answers any request with what it saw', async () => {
    const response = await fetch(`${upstream.url}/a/b?c=d`, {
      method: 'POST',
      headers: { 'x-gitway-consumer': 'demo-app' },
      body: 'x'.repeat(100_000),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      api: 'content',
      method: 'POST',
      path: '/a/b?c=d',
      consumer: 'demo-app',
      instance: new URL(upstream.url).host,
    });
  });

  it('is broken on its other port, and looks healthy there', async () => {
    expect((await fetch(`${upstream.brokenUrl}/a`)).status).toBe(500);
    expect((await fetch(`${upstream.brokenUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${upstream.url}/healthz`)).status).toBe(200);
  });
});

describe('the example processes', () => {
  it('say in words what is wrong with their environment', async () => {
    const tsc = new URL('../../node_modules/.bin/tsc', import.meta.url);
    const built = spawn(tsc.pathname, ['-b', new URL('..', import.meta.url).pathname], { stdio: 'ignore' });
    expect(await once(built, 'close')).toEqual([0, null]);
    const child = spawn(process.execPath, [new URL('../dist/git-server-main.js', import.meta.url).pathname], {
      env: { EXAMPLE_GIT_PORT: 'x' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(said).toMatch(/EXAMPLE_GIT_PORT: must be a whole number/);
    expect(said).toMatch(/EXAMPLE_GIT_TOKEN: is not set/);
    expect(said).not.toMatch(/\n\s+at /);
  });
});
