import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileWorkspace } from './compile-workspace.ts';
import { MemoryCache } from './memory-cache.ts';
import {
  api,
  consumer,
  environment,
  gateway,
  openApi,
  permissiveDrivers,
  plan,
  policy,
  workspaceOf,
} from './testing/workspace.ts';

const names = ['ants', 'bees', 'cats', 'dogs', 'emus'];
const documents: Record<string, string[]> = {
  Api: names.map((name, index) => api(name, index % 2 === 0 ? '  plans: [free]\n  policies: [strict]\n' : '')),
  Policy: [
    policy('strict', '  timeout: { request: 3s }\n'),
    policy('all', '  selector: { labels: {} }\n  rateLimit: { requests: 9, per: hour }\n'),
  ],
  Plan: [plan('free'), plan('pro', '  rateLimit: { requests: 9, per: second }\n  apis: { names: [bees] }\n')],
  Consumer: ['acme', 'globex', 'initech'].map((name, index) => consumer(name, String(index).repeat(64))),
  Rest: [gateway, environment('staging'), environment('production', '  variables: { a: b }\n')],
};
const everything = Object.values(documents).flat();
const specs = Object.fromEntries(names.map((name) => [`${name}.openapi.yaml`, openApi(name)]));

async function digestsOf(
  files: Record<string, string>,
  order: (paths: string[]) => string[],
  cache = new MemoryCache(),
) {
  const ordered = Object.fromEntries(order(Object.keys(files)).map((path) => [path, files[path]!]));
  const result = await compileWorkspace(workspaceOf(ordered), { branch: 'main', drivers: permissiveDrivers, cache });
  return { findings: result.findings, digests: result.environments.map((each) => [each.name, each.digest]) };
}

/** Any way to lay the same documents out over files, in any order within a file. */
const layouts = fc
  .tuple(fc.shuffledSubarray(everything, { minLength: everything.length }), fc.infiniteStream(fc.nat(5)))
  .map(([shuffled, numbers]) => {
    const files: Record<string, string> = { ...specs };
    for (const document of shuffled) {
      const path = `file-${numbers.next().value}.yaml`;
      files[path] = files[path] === undefined ? document : `${files[path]}---\n${document}`;
    }
    return files;
  });

describe('determinism', () => {
  it('the order of files and documents does not change a digest', async () => {
    const reference = await digestsOf(
      Object.fromEntries([...Object.entries(specs), ['all.yaml', Object.values(documents).flat().join('---\n')]]),
      (paths) => paths,
    );
    expect(reference.findings).toEqual([]);
    expect(reference.digests.every(([, digest]) => digest !== null)).toBe(true);
    await fc.assert(
      fc.asyncProperty(layouts, fc.boolean(), async (files, reversed) => {
        const outcome = await digestsOf(files, (paths) => (reversed ? paths.reverse() : paths));
        expect(outcome).toEqual(reference);
      }),
      { numRuns: 25 },
    );
  });

  it('a compile with a cache finds and makes what a cold one does, over any sequence of edits', async () => {
    const edits: ((files: Record<string, string>, pick: string) => void)[] = [
      (files, name) => void (files[`${name}.yaml`] = api(name, '  lifecycle: deprecated\n')),
      (files, name) => void (files[`${name}.yaml`] = api(name, '  plans: [nope]\n')),
      (files, name) => void delete files[`${name}.yaml`],
      (files, name) => void (files[`${name}.openapi.yaml`] = openApi(`${name} two`)),
      (files, name) => void delete files[`${name}.openapi.yaml`],
      (files, name) => void (files[`${name}.openapi.yaml`] = 'openapi: ['),
      (files, name) => void (files[`${name}.openapi.yaml`] = openApi(name, "  /a:\n    $ref: './shared.yaml#/a'\n")),
      (files) =>
        void (files['shared.yaml'] =
          "a: { get: { operationId: shared, responses: { '200': { description: ok } } } }\n"),
      (files) => void delete files['shared.yaml'],
      (files, name) =>
        void (files['policy.yaml'] = policy(
          name,
          '  selector: { labels: { tier: public } }\n  timeout: { request: 4s }\n',
        )),
      (files, name) => void (files[`${name}.yaml`] = api(name, '', '/same')),
      (files, name) =>
        void (files['environment.yaml'] = environment(
          'staging',
          `  patches: [{ target: { kind: Api, name: ${name} }, merge: { spec: { visibility: public } } }]\n`,
        )),
      (files, name) => void ([files[`${name}.yaml`], files[`${name}.openapi.yaml`]] = [api(name), openApi(name)]),
    ];
    const step = fc.tuple(fc.nat(edits.length - 1), fc.constantFrom(...names));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const files: Record<string, string> = {
          ...specs,
          'environment.yaml': environment('staging'),
          'gateway.yaml': gateway,
        };
        for (const name of names) files[`${name}.yaml`] = api(name);
        const cache = new MemoryCache();
        for (const [edit, name] of steps) {
          edits[edit]!(files, name);
          expect(await digestsOf(files, (paths) => paths, cache)).toEqual(await digestsOf(files, (paths) => paths));
        }
      }),
      { numRuns: 25 },
    );
  });
});
