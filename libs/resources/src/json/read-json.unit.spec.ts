import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readResourceFile } from '../read-resources.ts';
import { readJson } from './read-json.ts';

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, '\t'), (text, indent) => {
        const value: unknown = JSON.parse(text);
        const written = JSON.stringify(value, null, indent);
        expect(readJson(written)).toEqual({ value: JSON.parse(written) });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['{"a": 1, "a": 2}', 'a', 9],
    ['{"a": {"b": [1, {"c": ":", "\\u0063"  \n : 2}]}}', 'c', 27],
    ['[{"a\\"": 1, "b": "a\\"", "a\\"": 2}]', 'a"', 24],
    ['{"__proto__": 1, "x": 2, "__proto__": {}}', '__proto__', 25],
    [`{"a"${' '.repeat(5_000)}: 1, "a"${' '.repeat(5_000)}: 1}`, 'a', 5_009],
    ['{"a": [], "b": {"a": 1}, "b": 1}', 'b', 25],
  ])('finds the key that is there twice in %j', (text, key, offset) => {
    expect(readJson(text)).toMatchObject({
      rule: 'duplicate-key',
      offset,
      message: expect.stringContaining(`\`${key}\``),
    });
  });

  it('finds a key that is put in again anywhere', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { minKeys: 1 });
    fc.assert(
      fc.property(value, fc.nat(), fc.nat(), (object, from, to) => {
        const members = Object.entries(object).map(
          ([key, member]) => `${JSON.stringify(key)}: ${JSON.stringify(member)}`,
        );
        members.splice(to % (members.length + 1), 0, members[from % members.length]!);
        expect(readJson(`[{${members.join(', ')}}]`)).toMatchObject({ rule: 'duplicate-key' });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['{"a": 1} x', 9],
    ['{"a": 1}{"b": 2}', 8],
    ['{"a": 1,}', 8],
    ['{"a": 1 // one\n}', 8],
    ["{'a': 1}", 1],
    ['{"a": 01}', 7],
    ['{"a": .5}', 6],
    ['{"a": NaN}', 6],
    ['["a\tb"]', 1],
    ['["\\x41"]', 1],
    ['', 0],
    ['[', 1],
    ['\uFEFF{}', 0],
  ])('says where %j stops being JSON', (text, offset) => {
    expect(readJson(text)).toMatchObject({ rule: 'json-syntax', offset });
  });

  it.each([
    ['a long string', `{"a": "${'x'.repeat(12_000_000)}`],
    ['a long string of escapes', `{"a": "${'\\\\'.repeat(1_000_000)}", "a": 1}`],
    ['deep nesting', `${'[{"a":'.repeat(200_000)}!`],
    ['many keys', `{${Array.from({ length: 200_000 }, (_, index) => `"k${index}":1`).join(',')},"k7":2}`],
  ])('takes bounded time for %s', (_, text) => {
    expect(readJson(text)).toMatchObject({ rule: expect.any(String) });
  });
});

describe('a resource in a JSON file', () => {
  const plan = (extra = '') =>
    `{"apiVersion": "gitway.dev/v1", "kind": "Plan", "metadata": {"name": "free"${extra}},\n "spec": {"rateLimit": {"requests": 1, "per": "hour"}}}`;
  const read = (text: string) => readResourceFile('plan.json', Buffer.from(text));

  it('is read, with a byte order mark too', () => {
    expect(read(`\uFEFF${plan()}`)).toMatchObject({ findings: [], resources: [{ name: 'free' }] });
  });

  it.each([
    ['a key twice', plan(', "name": "pro"'), 'duplicate-key'],
    ['something behind it', `${plan()} x`, 'yaml-syntax'],
    ['a comment, which YAML takes for a key', plan(', // "labels": {}\n "labels": {}'), 'yaml-syntax'],
    ['a trailing comma, which YAML allows', plan(','), 'yaml-syntax'],
    ['no quotes, which YAML allows', plan(', labels: {}'), 'yaml-syntax'],
    ['a number that is rounded', plan().replace('"requests": 1', '"requests": 9007199254740993'), 'yaml-ambiguous'],
    ['a number that is infinite', plan().replace('"requests": 1', '"requests": 1e400'), 'yaml-ambiguous'],
    ['half a surrogate pair', plan(', "labels": {"a": "\\ud800"}'), 'yaml-unsupported'],
  ])('is refused for %s', (_, text, rule) => {
    const { findings, resources } = read(text);
    expect([findings[0]?.rule, findings[0]?.where.file, resources]).toEqual([rule, 'plan.json', []]);
    expect(findings[0]?.where.range?.line).toBeGreaterThan(0);
  });
});
