import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from './repository-root.ts';

/** A checkout in small: a compiler and an npm that only say that they were called, and a program to hand over to. */
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gitway-bootstrap-'));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  mkdirSync(join(root, 'tools'));
  cpSync(join(repositoryRoot, 'tools', 'bootstrap.mjs'), join(root, 'tools', 'bootstrap.mjs'));
  write('package.json', '{"type":"module"}');
  write('package-lock.json', lock('1.0.0'));
  write('node_modules/.package-lock.json', lock('1.0.0'));
  write('tools/dist/main.js', 'console.log(JSON.stringify(process.argv.slice(2)));');
  write(
    'node_modules/typescript/bin/tsc',
    `const fs = require('fs'); const busy = ${JSON.stringify(join(root, 'busy'))};
     fs.appendFileSync(${JSON.stringify(join(root, 'builds'))}, 'x');
     if (fs.existsSync(busy)) { console.log('two builds at once'); process.exit(1); }
     if (fs.existsSync(${JSON.stringify(join(root, 'broken'))})) { console.log('x.ts(1,1): error TS1'); process.exit(1); }
     fs.writeFileSync(busy, ''); setTimeout(() => fs.unlinkSync(busy), 300);`,
  );
  write('node_modules/typescript/package.json', '{"type":"commonjs"}');
  write(
    'bin/npm',
    `#!/bin/sh\necho "npm $*" >> '${join(root, 'npm-calls')}'\ncp package-lock.json node_modules/.package-lock.json\n`,
  );
  chmodSync(join(root, 'bin', 'npm'), 0o755);
});

const lock = (version: string) =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version: '1.0.0', optional: true } },
  });

function bootstrap(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'tools', 'bootstrap.mjs'), ...args], {
      env: { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}` },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

describe('bootstrap', () => {
  it('builds and hands over with all arguments', async () => {
    expect(await bootstrap('start', '--dir', 'x y', '--quiet')).toMatchObject({
      code: 0,
      out: '["start","--dir","x y","--quiet"]\n',
    });
    expect(existsSync(join(root, 'npm-calls'))).toBe(false);
  });

  it('installs when the lock file asks for something else than is there, once', async () => {
    writeFileSync(join(root, 'package-lock.json'), lock('2.0.0'));
    expect((await bootstrap('start')).err).toContain('installing dependencies');
    expect((await bootstrap('start')).code).toBe(0);
    expect(readFileSync(join(root, 'npm-calls'), 'utf8')).toBe('npm ci --no-audit --no-fund\n');
  });

  it('does not take the dependencies away from a platform that runs', async () => {
    writeFileSync(join(root, 'package-lock.json'), lock('2.0.0'));
    mkdirSync(join(root, '.gitway'));
    writeFileSync(join(root, '.gitway', 'launcher.lock'), JSON.stringify({ pid: process.pid }));
    const { code, err } = await bootstrap('start');
    expect(code).toBe(1);
    expect(err).toContain(`process ${process.pid}`);
    expect(existsSync(join(root, 'npm-calls'))).toBe(false);
  });

  it('builds only when a source is new, changed or gone, or what was built is', async () => {
    const builds = () => readFileSync(join(root, 'builds'), 'utf8').length;
    mkdirSync(join(root, 'libs', 'a', 'dist'), { recursive: true });
    writeFileSync(join(root, 'libs', 'a', 'tsconfig.json'), '{}');
    await bootstrap('start');
    await bootstrap('gitway', 'status');
    expect(builds()).toBe(1);
    const source = join(root, 'libs', 'a', 'a.ts');
    const changes = [
      () => writeFileSync(source, '1'),
      () => writeFileSync(source, '22'),
      () => rmSync(source),
      () => rmSync(join(root, 'libs', 'a', 'dist'), { recursive: true }),
    ];
    for (const [index, change] of changes.entries()) {
      change();
      await bootstrap('gitway');
      await bootstrap('gitway');
      expect(builds()).toBe(index + 2);
    }
  }, 60_000);

  it('builds again after a build that failed', async () => {
    writeFileSync(join(root, 'broken'), '');
    expect((await bootstrap('gitway')).code).toBe(1);
    expect((await bootstrap('gitway')).code).toBe(1);
  });

  it('lets two at once prepare one after the other', async () => {
    const both = await Promise.all([bootstrap('start'), bootstrap('gitway', 'status')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(existsSync(join(root, '.gitway', 'bootstrap.lock'))).toBe(false);
  });

  it('takes over the lock of a process that died, and of an earlier process with a living pid', async () => {
    mkdirSync(join(root, '.gitway'));
    for (const stale of ['{"pid":2147480000}', JSON.stringify({ pid: process.pid, startedAt: '1' }), 'half a li']) {
      writeFileSync(join(root, '.gitway', 'bootstrap.lock'), stale);
      expect((await bootstrap('start')).code).toBe(0);
    }
  });

  it('shows why the build failed, and lets a test run tell it itself', async () => {
    writeFileSync(join(root, 'broken'), '');
    const start = await bootstrap('start');
    expect(start.code).toBe(1);
    expect(start.err).toContain('x.ts(1,1): error TS1');
    expect(await bootstrap('test')).toMatchObject({ code: 0, out: '["test"]\n' });
  });

  it('names the commands that there are', async () => {
    const { code, err } = await bootstrap('strat');
    expect(code).toBe(1);
    expect(err).toContain('"strat" is not a command; there are: start, demo');
  });
});
