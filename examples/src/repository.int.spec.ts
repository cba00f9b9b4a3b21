import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compileWorkspace, type CompileResult } from '@gitway/compiler';
import { gitBlobId } from '@gitway/contracts';
import { driverNamed } from '@gitway/drivers';
import { assembleRepository, exampleDocuments, generateSyntheticRepository } from './index.ts';

async function compileFolder(folder: string): Promise<CompileResult> {
  const contents = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    contents.set(relative(folder, path).replaceAll(sep, '/'), await readFile(path));
  }
  const haproxy = driverNamed('haproxy');
  return compileWorkspace(
    {
      list: async () =>
        [...contents].map(([path, content]) => ({
          path,
          mode: '100644',
          oid: gitBlobId(content),
          size: content.length,
        })),
      read: async (path) => contents.get(path),
    },
    { drivers: { haproxy: (units, gateway) => haproxy.check(units, gateway) } },
  );
}

describe('the example repositories', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gitway-example-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('compile without a single error, from one operation to several hundred', async () => {
    await assembleRepository(folder, {
      contentUpstream: 'http://127.0.0.1:9101',
      workUpstream: 'http://127.0.0.1:9102',
      demoApiKey: 'a-key',
      stagingPort: 8080,
      productionPort: 8081,
    });
    const result = await compileFolder(folder);
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(result.environments.map(({ name }) => name).sort()).toEqual(['production', 'staging']);
    for (const environment of result.environments) {
      const apis = [...environment.units.values()].filter(({ kind }) => kind === 'api');
      expect(apis.map(({ name }) => name).sort()).toEqual(Object.keys(exampleDocuments).sort());
      const operations = apis.map((api) => (api.kind === 'api' ? api.operations.length : 0)).sort((a, b) => a - b);
      expect(operations[0]).toBe(1);
      expect(operations.at(-1)).toBeGreaterThan(300);
      expect(apis.some((api) => api.kind === 'api' && api.route.hosts.length === 0)).toBe(true);
    }
  });

  it('are filled in wholly, and hold no key in clear', async () => {
    const demoApiKey = 'a-key-that-nobody-guesses';
    await assembleRepository(folder, {
      contentUpstream: 'http://127.0.0.1:9101',
      workUpstream: 'http://127.0.0.1:9102',
      demoApiKey,
      stagingPort: 8080,
      productionPort: 8081,
    });
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
      expect(text).not.toContain(demoApiKey);
      if (entry.name.endsWith('.yaml')) expect(text).not.toMatch(/__\w+__/);
    }
  });

  it('can be generated with any number of APIs', async () => {
    await generateSyntheticRepository(folder, {
      apis: 25,
      upstream: 'http://127.0.0.1:9101',
      environment: 'bench',
      gateway: 'edge',
      port: 8080,
    });
    const { findings, environments } = await compileFolder(folder);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect([...environments[0]!.units.values()].filter(({ kind }) => kind === 'api')).toHaveLength(25);
  });
});
