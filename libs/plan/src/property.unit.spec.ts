import { describe, expect, it } from '@jest/globals';
import { changePlanSchema, digestOf, type Unit } from '@gitway/contracts';
import fc from 'fast-check';
import { fieldChanges } from './diff/field-changes.ts';
import { isEqual, type Json, type JsonObject } from './diff/json.ts';
import { differingUnits, planChanges } from './plan-changes.ts';
import { renderPlanJson } from './render/json.ts';
import { MAX_MARKDOWN, renderPlanMarkdown } from './render/markdown.ts';
import { renderPlanText } from './render/text.ts';
import { api, consumer, consumers, environment, gateway, plan, policyWith, stateOf, target } from './testing/units.ts';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const name = fc.constantFrom('a', 'b', 'c', 'd');
const operations = fc.uniqueArray(
  fc.record({
    id: fc.oneof(name, text),
    method: fc.constantFrom('GET', 'POST'),
    path: fc.oneof(
      fc.constantFrom('/', '/{a}', '/{b}'),
      text.map((each) => `/${each}`),
    ),
  }),
  { maxLength: 5, selector: ({ method, path }) => `${method} ${path}` },
);
const limit = fc.option(
  fc.record({
    requests: fc.integer({ min: 1, max: 3 }),
    windowMs: fc.constantFrom(1_000, 60_000),
    by: fc.constantFrom('consumer' as const, 'ip' as const),
  }),
);
const pools = fc.uniqueArray(
  fc.record({
    name,
    weight: fc.integer({ min: 1, max: 100 }),
    targets: fc.array(
      fc.tuple(name, fc.integer({ min: 1, max: 3 })).map(([host, weight]) => target(host, weight)),
      { minLength: 1, maxLength: 4 },
    ),
    healthCheck: fc.constant(null),
  }),
  { minLength: 1, maxLength: 3, selector: (pool) => pool.name },
);
const json = fc.jsonValue({ maxDepth: 3 });
const apiUnit: fc.Arbitrary<Unit> = fc
  .record({
    name,
    owner: fc.option(text),
    labels: fc.dictionary(text, text, { maxKeys: 2 }),
    lifecycle: fc.constantFrom('active' as const, 'retired' as const),
    basePath: name,
    operations,
    pools,
    plans: fc.uniqueArray(name, { maxLength: 3 }),
    rateLimit: limit,
    open: fc.boolean(),
    // Fields that nobody has thought of yet, an operation's own ones among them.
    further: fc.dictionary(
      fc.oneof(fc.constantFrom('operations', 'cors', 'headers', '__proto__', 'constructor'), text),
      json,
      { maxKeys: 2 },
    ),
    beside: fc.dictionary(fc.constantFrom('slo', 'deprecation', 'hasOwnProperty'), json, { maxKeys: 1 }),
  })
  .map(({ name: called, basePath, rateLimit, open, further, beside, ...rest }) => {
    const auth = open ? { auth: { kind: 'none' as const } } : {};
    const { policy } = policyWith({ rateLimits: rateLimit === null ? [] : [rateLimit], ...auth });
    const unit = api(called, { ...rest, route: { hosts: [], basePath: `/${basePath}`, keepBasePath: false } });
    return { ...unit, ...beside, policy: { ...further, ...policy } };
  });
const consumersUnit = fc
  .uniqueArray(
    fc.record({
      name,
      keys: fc.uniqueArray(name, { maxLength: 3 }),
      plans: fc.uniqueArray(name, { maxLength: 2 }),
      suspended: fc.boolean(),
    }),
    { maxLength: 3, minLength: 1, selector: (each) => each.name },
  )
  .map((entries) =>
    consumers(
      ...entries.map(({ name: called, keys, ...rest }) =>
        consumer(called, { ...rest, keyHashes: keys.map((key) => digestOf(key).slice(7)) }),
      ),
    ),
  );
const others = fc.oneof(
  fc.tuple(name, fc.integer({ min: 1, max: 3 })).map(([called, requests]) => plan(called, requests)),
  fc.tuple(name, fc.integer({ min: 1, max: 3 })).map(([called, port]) => gateway(called, port)),
  fc.constantFrom(environment('a'), environment('b', 'a')),
);
const units = fc
  .uniqueArray(fc.oneof({ weight: 4, arbitrary: apiUnit }, consumersUnit, others), {
    maxLength: 7,
    selector: ({ kind, name: called }) => `${kind}/${called}`,
  })
  // What a snapshot holds is JSON.
  .map((list) => list.map((unit) => JSON.parse(JSON.stringify(unit)) as Unit));

describe('any two snapshots', () => {
  it('have a plan that is empty if and only if they are equal, is the same every time, and keeps its schema', () => {
    fc.assert(
      fc.property(units, units, (first, second) => {
        const [before, after] = [stateOf(...first), stateOf(...second)];
        const made = planChanges(before, after);
        expect(made.changes.length === 0).toBe(before.digest === after.digest);
        expect(made.severity === null).toBe(before.digest === after.digest);
        expect(differingUnits(before, after)).toHaveLength(made.units.added + made.units.changed + made.units.removed);
        expect(changePlanSchema.parse(made)).toEqual(made);
        const again = planChanges(stateOf(...first.toReversed()), stateOf(...second.toReversed()));
        expect(renderPlanJson(again)).toBe(renderPlanJson(made));
      }),
      { numRuns: 150 },
    );
  });

  it('differ in one unit: that one is told', () => {
    fc.assert(
      fc.property(units, apiUnit, apiUnit, (around, first, second) => {
        const others_ = around.filter(({ kind }) => kind !== 'api');
        const [one, two] = [first, { ...second, name: first.name }];
        const made = planChanges(stateOf(...others_, one), stateOf(...others_, two));
        expect(made.units.changed).toBe(digestOf(one) === digestOf(two) ? 0 : 1);
        for (const { names, reach } of made.changes) {
          expect(names.every((each) => each.startsWith(first.name))).toBe(true);
          expect(reach.apis).toBe(1);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('can be rendered for a terminal and a comment, whatever they hold', () => {
    fc.assert(
      fc.property(units, units, fc.integer({ min: 0, max: 3_000 }), (first, second, room) => {
        const made = planChanges(stateOf(...first), stateOf(...second));
        expect(renderPlanText(made)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
        const markdown = renderPlanMarkdown([made, made]);
        expect(markdown).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
        expect(markdown.length).toBeLessThanOrEqual(MAX_MARKDOWN);
        expect(renderPlanMarkdown([made, made], room).length).toBeLessThanOrEqual(room);
      }),
      { numRuns: 80 },
    );
  });
});

describe('the fields in which two values differ', () => {
  it('are none if and only if the values are equal', () => {
    fc.assert(
      fc.property(json, json, (first, second) => {
        const [a, b] = [first as Json, second as Json];
        expect(fieldChanges(a, b).length === 0).toBe(isEqual(a, b));
        expect(isEqual(a, b)).toBe(digestOf(a) === digestOf(b));
        expect(fieldChanges(a, a)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('bring one to the other: nothing is left out and nothing else is named', () => {
    // Objects of plain members, so that a path can be walked.
    const tree = fc.letrec<{ node: JsonObject; value: Json }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, fc.constantFrom<Json>(1, 2, 'x', null, [1], [2, 1]), tie('node')),
      node: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }) as fc.Arbitrary<JsonObject>,
    })).node;
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        let result: Json | undefined = before;
        for (const { path, from, to } of fieldChanges(before, after)) {
          expect(isEqual(from, to)).toBe(false);
          result = withField(result, path === '' ? [] : path.split('.'), to);
        }
        expect(isEqual(result, after)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function withField(value: Json | undefined, [key, ...rest]: string[], to: Json | undefined): Json | undefined {
  if (key === undefined) return to;
  const object = value as JsonObject;
  const { [key]: old, ...others_ } = object;
  const member = withField(old, rest, to);
  return member === undefined ? others_ : { ...others_, [key]: member };
}
