import { digestOf } from '@gitway/contracts';
import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from './compile-workspace.ts';
import { MemoryCache } from './memory-cache.ts';
import { TextCache } from './testing/lasting-cache.ts';
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
import type { CompileResult } from './workspace.ts';

type Files = Record<string, string>;
const names = ['ants', 'bees', 'cats', 'dogs'];
/** Two environments, one of them with a patch, and one document split over files. */
const validWorkspace = (): Files => ({
  'gateway.yaml': gateway,
  'staging.yaml': environment('staging', '  variables: { team: pets }\n'),
  'production.yaml': environment(
    'production',
    '  patches:\n    - { target: { kind: Api, labels: { tier: public } }, merge: { spec: { policy: { timeout: { request: 9s } } } } }\n',
  ),
  'policies.yaml': [
    policy('strict', '  timeout: { request: 3s }\n'),
    policy('everywhere', '  selector: { labels: { tier: public } }\n  rateLimit: { requests: 9, per: hour }\n'),
  ].join('---\n'),
  'plans.yaml': plan('free'),
  'consumers.yaml': ['acme', 'globex'].map((name, index) => consumer(name, String(index).repeat(64))).join('---\n'),
  ...Object.fromEntries(names.map((name) => [`${name}.yaml`, api(name, '  plans: [free]\n  policies: [strict]\n')])),
  ...Object.fromEntries(names.map((name) => [`${name}.openapi.yaml`, openApi(name)])),
  'cats.openapi.yaml': openApi('cats', "  /cats: { $ref: './shared.yaml#/cats' }\n"),
  'shared.yaml': "cats: { get: { operationId: listCats, responses: { '200': { description: ok } } } }\n",
});
const nothing = { files: 0, documents: 0, units: 0 };
const secret = `ghp_${'A1b2C3d4E5'.repeat(4).slice(0, 36)}`;

/** A process that has just started: nothing in memory. */
const compile = (files: Files, lasting = new TextCache()) =>
  compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers, cache: new MemoryCache(), lasting });

const seenFrom = ({ environments, findings, suppressed, documents }: CompileResult) => ({
  findings,
  suppressed,
  documents: [...documents].sort(([a], [b]) => (a < b ? -1 : 1)),
  environments: environments.map(({ units, ...rest }) => ({ ...rest, units: Object.fromEntries(units) })),
});

/** That it makes what a cold compile makes, after any edits, is held in `edits.unit.spec.ts`. */
describe('a compile after a restart', () => {
  it('runs no stage again, and makes what a cold one makes', async () => {
    const lasting = new TextCache();
    const cold = await compile(validWorkspace(), lasting);
    // Four APIs and two shards of consumers, in two environments; a patched API is another one.
    expect(cold.runs).toEqual({ files: Object.keys(validWorkspace()).length, documents: 4, units: 10 });
    const restarted = await compile(validWorkspace(), lasting);
    expect(restarted.runs).toEqual(nothing);
    expect(seenFrom(restarted)).toEqual(seenFrom(cold));
    for (const { units } of restarted.environments)
      for (const [digest, unit] of units) expect(digestOf(unit)).toBe(digest);
  });

  it('without memory between compiles it runs nothing again either', async () => {
    const lasting = new TextCache();
    const options = { drivers: permissiveDrivers, lasting };
    await compileWorkspace(workspaceOf(validWorkspace()), options);
    expect((await compileWorkspace(workspaceOf(validWorkspace()), options)).runs).toEqual(nothing);
  });

  it('runs again what something that it depends on has changed, and nothing else', async () => {
    const runsAfter = async (change: (files: Files) => void) => {
      const lasting = new TextCache();
      const files = validWorkspace();
      await compile(files, lasting);
      change(files);
      const { runs, ...result } = await compile(files, lasting);
      expect(seenFrom({ ...result })).toEqual(seenFrom(await compile(files)));
      return runs;
    };
    const replaced = (path: string, from: string, to: string) => (files: Files) => {
      expect(files[path]).toContain(from);
      files[path] = files[path]!.replace(from, to);
    };
    // An API or its document, in both environments.
    expect(await runsAfter(replaced('ants.yaml', 'basePath: /ants', 'basePath: /emus'))).toEqual({
      files: 1,
      documents: 0,
      units: 2,
    });
    expect(await runsAfter(replaced('ants.openapi.yaml', 'ants', 'emus'))).toMatchObject({ documents: 1, units: 2 });
    // A file that a document refers to.
    expect(await runsAfter(replaced('shared.yaml', 'listCats', 'allCats'))).toMatchObject({ documents: 1, units: 2 });
    // A policy, and an environment's own settings, are in every API of theirs.
    expect(await runsAfter(replaced('policies.yaml', '3s', '4s'))).toEqual({ files: 1, documents: 0, units: 8 });
    expect(await runsAfter(replaced('production.yaml', '9s', '8s'))).toEqual({ files: 1, documents: 0, units: 4 });
    // A consumer: its shard, which both environments have.
    expect(await runsAfter(replaced('consumers.yaml', '0'.repeat(64), '9'.repeat(64)))).toMatchObject({ units: 2 });
  });

  it('keeps nothing that was made from a file with a secret in it', async () => {
    const lasting = new TextCache();
    const own = `  policy: { responseHeaders: { set: { X-Token: ${secret} } } }\n`;
    const files = { ...validWorkspace(), 'ants.yaml': api('ants', own) };
    const { findings } = await compile(files, lasting);
    expect(findings.map(({ rule }) => rule)).toContain('secret-in-clear');
    expect([...lasting.texts.keys()].some((key) => key.startsWith('unit:'))).toBe(true);
    expect([...lasting.texts.values()].join('\n')).not.toContain(secret);
  });

  it('tells what is wrong with an API that is passed over as often as it is asked', async () => {
    const lasting = new TextCache();
    const files = { ...validWorkspace(), 'ants.openapi.yaml': openApi('ants', '  /a: { get: {} }\n') };
    const cold = await compile(files, lasting);
    expect(seenFrom(await compile(files, lasting))).toEqual(seenFrom(cold));
  });
});
