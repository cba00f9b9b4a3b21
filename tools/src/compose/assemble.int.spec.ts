import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../repository-root.ts';

const script = join(repositoryRoot, 'deploy', 'docker', 'assemble.mjs');
const out = mkdtempSync(join(tmpdir(), 'gitway-assemble-'));

beforeAll(() => {
  execFileSync(process.execPath, [script, out, '@gitway/config']);
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe('assemble.mjs', () => {
  it('takes a package, what it depends on, and nothing else', () => {
    expect(readdirSync(join(out, 'node_modules')).sort()).toEqual(['@gitway', 'zod']);
    expect(readdirSync(join(out, 'node_modules', '@gitway')).sort()).toEqual(['config', 'errors']);
    expect(readlinkSync(join(out, 'node_modules', '@gitway', 'errors'))).toBe('../../libs/errors');
  });

  it('leaves sources and specs behind', () => {
    const files = readdirSync(join(out, 'libs'), { recursive: true }) as string[];
    expect(files).toContain('errors/package.json');
    expect(files.filter((file) => /(^|\/)src(\/|$)|\.spec\.|\.d\.ts$/.test(file))).toEqual([]);
    expect(existsSync(join(repositoryRoot, 'libs', 'errors', 'src'))).toBe(true);
  });

  it('says which package is not installed', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, join(out, 'other'), '@gitway/nothing'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('@gitway/nothing, which the command line needs, is not installed');
  });
});
