import { describe, expect, it } from '@jest/globals';
import type { ApiUnit, Unit } from '@gitway/contracts';
import fc from 'fast-check';
import { aConsumer, aContext, aGateway, anApi, aPool, aShard, keyAuth, policyOf, stored } from '../../testing/units.ts';
import { ModelProcess } from '../../testing/model-process.ts';
import { haproxy } from '../driver.ts';
import { commandsOf } from './commands.ts';
import { changeOf, place } from './plan.ts';

const digest = (character: string) => `sha256-${character.repeat(64)}`;
const render = (units: readonly Unit[], snapshot = digest('a')) =>
  haproxy.render(stored([aGateway, ...units]), aContext({ snapshot }));
const running = (units: readonly Unit[]) => new ModelProcess(render(units));

/** @returns why it took a reload, or null */
const bring = (process: ModelProcess, units: readonly Unit[], snapshot = digest('b')) =>
  process.bring(render(units, snapshot));
const actsOf = (from: readonly Unit[], to: readonly Unit[]) => {
  const process = running(from);
  const wanted = render(to, digest('b'));
  const placing = place(process.running, wanted.image);
  if ('reload' in placing) return placing.reload;
  const { prepare, commit } = changeOf(process.running, wanted.placed(placing.placement).image);
  return [prepare, commit].map((acts) => acts.map(({ kind }) => kind));
};

const keyed = policyOf({ auth: keyAuth });
const at = (name: string, port: number, change: Partial<ApiUnit> = {}) =>
  anApi(name, { pools: [aPool('stable', 100, [port])], ...change });
const asking = at('a', 1, { policy: keyed });
const two = (stable: number, canary: number) => ({
  pools: [aPool('stable', stable, [1]), aPool('canary', canary, [2])],
});

describe('a change without a reload', () => {
  it.each<[string, Unit[], Unit[], string[][] | string]>([
    ['nothing but the snapshot', [at('a', 1)], [at('a', 1)], [[], ['map-set']]],
    ['a new API of a known kind', [at('a', 1)], [at('a', 1), at('b', 2)], [['server-add'], ['map-add', 'map-set']]],
    ['a removed API', [at('a', 1), at('b', 2)], [at('a', 1)], [[], ['map-delete', 'map-set']]],
    ['another target', [at('a', 1)], [at('a', 2)], [['server-add'], ['map-set', 'map-set']]],
    ['another owner', [at('a', 1)], [at('a', 1, { owner: 'x' })], [[], ['map-set', 'map-set']]],
    ['another split', [at('a', 1, two(80, 20))], [at('a', 1, two(50, 50))], [['map-add'], ['map-set', 'map-set']]],
    ['a new key', [asking, aShard([])], [asking, aShard([aConsumer('c', 'k')])], [[], ['map-add', 'map-set']]],
  ])('%s', (_what, from, to, acts) => {
    expect(actsOf(from, to)).toEqual(acts);
  });

  it('tells a serving server its new weight', () => {
    const weighing = (weight: number) => {
      const pool = aPool('stable', 100, [1, 2]);
      return [anApi('a', { pools: [{ ...pool, targets: pool.targets.map((target) => ({ ...target, weight })) }] })];
    };
    expect(actsOf(weighing(1), weighing(9))).toEqual([[], ['server-weight', 'server-weight', 'map-set', 'map-set']]);
  });

  it('ends with the mark of the snapshot', () => {
    const process = running([at('a', 1)]);
    const wanted = render([at('a', 1), at('b', 2)], digest('b'));
    const placing = place(process.running, wanted.image);
    if ('reload' in placing) throw new Error(placing.reload);
    const { commit } = changeOf(process.running, wanted.placed(placing.placement).image);
    expect(commit.at(-1)).toMatchObject({ kind: 'map-set', key: 'snapshot', value: digest('b') });
  });

  it('replaces a map of which much has changed as a whole', () => {
    const keys = (letter: string) => [
      at('a', 1, { policy: keyed }),
      aShard(Array.from({ length: 600 }, (_, index) => aConsumer(`c-${index}`, `${letter}${index}`))),
    ];
    expect(actsOf(keys('x'), keys('y'))).toEqual([[], ['map-replace', 'map-set']]);
  });
});

describe('a change takes a reload', () => {
  it.each<[string, Unit[], Unit[], RegExp]>([
    ['for rules that nobody has yet', [at('a', 1)], [at('a', 1, { lifecycle: 'retired' })], /no empty backend is left/],
    [
      'for a new target by name',
      [at('a', 1)],
      [
        at('a', 1),
        anApi('b', {
          pools: [{ ...aPool('stable', 1, [1]), targets: [{ scheme: 'http', host: 'x.test', port: 1, weight: 1 }] }],
        }),
      ],
      /by name/,
    ],
    ['for what all share', [at('a', 1)], [at('a', 1, two(1, 1))], /all APIs share/],
  ])('%s', (_what, from, to, reason) => {
    expect(actsOf(from, to)).toMatch(reason);
  });

  it('when the empty backends have run out, and then has them again', () => {
    const process = running([at('a', 1)]);
    const more = (count: number) => Array.from({ length: count }, (_, index) => at(`b-${index}`, index + 1));
    const reasons = [1, 2, 3, 4, 5, 6].map((count) => bring(process, [at('a', 1), ...more(count)]));
    expect(reasons).toEqual([null, null, null, null, expect.stringMatching(/no empty backend is left/), null]);
  });
});

describe('an API that moves', () => {
  it('goes to and fro between two backends, and leaves nothing behind', () => {
    const process = running([at('a', 1)]);
    expect(bring(process, [at('a', 2)])).toBeNull();
    const [moved] = process.running.image.backends.values();
    expect(moved?.name).toMatch(/^spare\./);
    process.cleanUp();
    expect(bring(process, [at('a', 3)])).toBeNull();
    expect([...process.running.image.backends.values()].map(({ name }) => name)).toEqual(['a.stable']);
    process.cleanUp();
    expect(process.running.process.free).toEqual(running([at('a', 1)]).running.process.free);
  });
});

const unitsOf = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      port: fc.integer({ min: 1, max: 3 }),
      split: fc.constantFrom(0, 20, 50),
      keyed: fc.boolean(),
      declared: fc.constantFrom(0, 1, 2),
      hosts: fc.uniqueArray(fc.constantFrom('x.test', 'y.test')),
      weight: fc.integer({ min: 1, max: 2 }),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  )
  .map((apis) =>
    apis.map(({ name, port, split, keyed: asks, declared, hosts, weight }) =>
      anApi(name, {
        pools: [
          { ...aPool('stable', 100 - split, [port]), targets: [{ scheme: 'http', host: '127.0.0.1', port, weight }] },
          ...(split === 0 ? [] : [aPool('canary', split, [port + 1])]),
        ],
        policy: policyOf(asks ? { auth: keyAuth } : {}),
        operations: Array.from({ length: declared }, (_, index) => ({
          id: `o${index}`,
          method: 'GET',
          path: `/o${index}`,
        })),
        route: {
          hosts,
          basePath: `/${name}`,
          keepBasePath: false,
          ...(declared === 0 ? {} : { onlyDeclaredOperations: true }),
        },
      }),
    ),
  );
const shardOf = fc
  .uniqueArray(fc.constantFrom('k1', 'k2', 'k3'))
  .map((keys) => aShard(keys.map((key) => aConsumer(`c-${key}`, key))));

describe('any sequence of changes', () => {
  it('ends with a process that is as one freshly loaded, with nothing doubled', () => {
    const steps = fc.array(fc.tuple(unitsOf, shardOf, fc.boolean()), { minLength: 2, maxLength: 6 });
    let acted = 0;
    fc.assert(
      fc.property(steps, (sequence) => {
        const process = running(sequence[0]?.[0] ?? []);
        sequence.forEach(([apis, shard, tidy], index) => {
          if (bring(process, [...apis, shard], digest(String(index))) === null) acted += 1;
          process.expectSound();
          if (tidy) process.cleanUp();
          process.expectSound();
        });
      }),
      { numRuns: 60 },
    );
    expect(acted).toBeGreaterThan(40);
  });
});

describe('a command', () => {
  it('keeps white space, semicolons and backslashes within one word', () => {
    const [first] = commandsOf({ kind: 'map-set', path: 'maps/m.map', key: 'a b;c\\d', value: 'x' });
    expect(first?.text).toBe('set map maps/m.map a\\ b\\;c\\\\d x');
  });

  it('is never longer than what HAProxy reads', () => {
    const entries = Array.from({ length: 1000 }, (_, index) => [`${index}`.padStart(64, 'k'), 'v'] as const);
    const commands = commandsOf({ kind: 'map-add', path: 'maps/m.map', entries });
    expect(commands.length).toBeGreaterThan(1);
    expect(Math.max(...commands.map(({ text }) => text.length))).toBeLessThan(16_000);
    expect(commands.flatMap(({ text }) => text.split('\n').slice(1, -1))).toHaveLength(1000);
  });
});
