import { describe, expect, it } from '@jest/globals';
import { readResourceFile } from './read-resources.ts';
import { resourceLimits } from './limits.ts';
import { readYaml } from './read-yaml.ts';

/** Documents of a text: their values, or the rules that refuse them. */
const read = (text: string) =>
  readYaml(text, resourceLimits).documents.map(({ value, problems }) =>
    problems.length > 0 ? problems.map(({ rule }) => rule) : { value },
  );
const accepted = (...values: unknown[]) => values.map((value) => ({ value }));

describe('what YAML is read as', () => {
  it.each<[string, string, unknown[]]>([
    ['block mappings and lists', 'a:\n- 1\n- b: 2\n  c: 3\n', [{ a: [1, { b: 2, c: 3 }] }]],
    ['lists in lists on one line', '- - x\n  - y\n- z\n', [[['x', 'y'], 'z']]],
    ['flow collections over lines', 'a: [1,\n  {b: c,\n   d: },\n]\n', [{ a: [1, { b: 'c', d: null }] }]],
    ['a list as the only pair of a list', '[a: 1, b]', [[{ a: 1 }, 'b']]],
    ['plain text over lines', 'a: one\n  two\n\n  three\n', [{ a: 'one two\nthree' }]],
    ['single quotes', "a: 'it''s \\n'\n", [{ a: "it's \\n" }]],
    ['double quotes with escapes', '"\\x41\\u00e9\\U0001F600\\t\\\n   b"', ['Aé😀\tb']],
    ['surrogate pairs that are escaped', '"\\ud83d\\ude00"', ['😀']],
    ['literal text', 'a: |\n  b\n   c\n\n  d\nx: 1\n', [{ a: 'b\n c\n\nd\n', x: 1 }]],
    ['folded text', 'a: >\n  b\n  c\n\n  d\n', [{ a: 'b c\nd\n' }]],
    ['text without its last line end', 'a: |-\n  b\n\nc: >-\n  d\n', [{ a: 'b', c: 'd' }]],
    ['text with all its line ends', 'a: |+\n  b\n\n\nc: 1\n', [{ a: 'b\n\n\n', c: 1 }]],
    ['text with a width of its indentation', 'a: |2\n   b\n  c\n', [{ a: ' b\nc\n' }]],
    ['null', '[~, null, Null, , ]'.replace(', ,', ','), [[null, null, null]]],
    ['booleans', '[true, True, FALSE]', [[true, true, false]]],
    ['numbers', '[1, -2, +3, 0x1F, 1.5, .5, -1.5e+3]', [[1, -2, 3, 31, 1.5, 0.5, -1500]]],
    ['what only looks like a number', '[1.2.3, 1-2, 0xZ, .a, v1]', [['1.2.3', '1-2', '0xZ', '.a', 'v1']]],
    ['dates as text', 'a: 2026-12-31\nb: 2026-12-31T12:00:00Z\n', [{ a: '2026-12-31', b: '2026-12-31T12:00:00Z' }]],
    ['explicit keys', '? a\n: 1\n? b\n', [{ a: 1, b: null }]],
    ['keys of all colours', 'a b: 1\n"c: d": 2\n200: 3\ntrue: 4\n', [{ 'a b': 1, 'c: d': 2, '200': 3, true: 4 }]],
    ['names that objects have', 'constructor: 1\ntoString: 2\n', [{ constructor: 1, toString: 2 }]],
    ['anchors that are set again', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n', [{ a: 1, b: 1, c: 2, d: 2 }]],
    ['an alias as a key', 'a: &x b\n*x : 1\n', [{ a: 'b', b: 1 }]],
    ['tags of JSON', '!!map {a: !!str 1, b: !!int "2", c: !!seq [!!null ""]}', [{ a: '1', b: 2, c: [null] }]],
    ['the tag that says "as it is written"', '! 12', ['12']],
    ['comments', '# a\nb: 1 # c\n#d\ne: "#f"\ng: h#i\n', [{ b: 1, e: '#f', g: 'h#i' }]],
    ['several documents', 'a\n---\nb\n...\n# nothing\n...\n---\n', ['a', 'b', null]],
    ['no document', '# only this\n', []],
    ['directives', '%YAML 1.2\n---\na: 1\n', [{ a: 1 }]],
    ['directives that nobody knows', '%FOO bar\n---\na: 1\n', [{ a: 1 }]],
    ['%YAML 1.1 as 1.2', '%YAML 1.1\n---\n[yes, 010]\n', [['yes', 10]]],
    ['carriage returns', 'a: |\r\n  b\r\nc: 1\r\n', [{ a: 'b\n', c: 1 }]],
    ['tabs that separate', 'a:\t1\t# c\n', [{ a: 1 }]],
    ['question marks, colons and dashes in words', '?a: -b\n:c: d:e\n', [{ '?a': '-b', ':c': 'd:e' }]],
    ['a scalar alone', '"a"', ['a']],
  ])('%s', (_, text, values) => {
    expect(read(text)).toEqual(accepted(...values));
  });
});

describe('what of YAML is refused', () => {
  it.each<[string, string[], string]>([
    ['keys that are there twice', ['{a: 1, a: 2}', 'a: 1\n? a\n: 2\n', '1: a\n"1": b\n'], 'duplicate-key'],
    ['keys that are missing', [': a\n', '{ : a }', '- : \n', '~: a\n'], 'yaml-ambiguous'],
    ['keys that are numbers in disguise', ['1.0: a\n', '0x10: a\n', 'True: a\n', '1e3: a\n'], 'yaml-ambiguous'],
    ['keys that are collections', ['? {a: b}\n: c\n', '[a]: b\n', '&x [a]: 1\n'], 'yaml-unsupported'],
    ['merge keys', ['<<: {a: 1}\n', 'a: &a {b: 1}\nc: {<<: [*a]}\n'], 'yaml-unsupported'],
    ['the prototype', ['__proto__: 1\n', '"__proto__": 1\n', '{a: {"__pr\\u006fto__": 1}}'], 'yaml-unsupported'],
    ['tags', ['!a b', '!!python/object:os.system {}', '!<x:y> z', '%TAG ! x:\n---\n!a b\n'], 'yaml-unsupported'],
    ['bytes and points in time', ['!!binary aGk=', 'a: !!timestamp 2026-12-31\n'], 'yaml-unsupported'],
    ['half a surrogate pair', ['"\\ud800"', '{"\\udc00": 1}', '"\\ude00\\ud83d"'], 'yaml-unsupported'],
    ['aliases of nothing, or of themselves', ['*a', 'a: *b\nb: &b 1\n', '&a [*a]', '&a {b: {c: *a}}'], ''],
    ['brackets that do not match', ['[a', '{a: 1', '[a}', 'a]: 1\n- b', '{a: 1}}'], 'yaml-syntax'],
    ['quotes that do not end', ['"a', "'a\n", 'a: "b\nc: d\n'], 'yaml-syntax'],
    ['escapes that are none', ['"\\y"', '"\\x4"', '"\\u12"'], 'yaml-syntax'],
    ['tabs as indentation', ['a:\n\t- b\n', '-\n\ta: b\n'], 'yaml-syntax'],
    ['indentation that fits nothing', ['a:\n    b: 1\n  c: 2\n', '- a\n  - b\nc\n'], 'yaml-syntax'],
    ['a value behind a value', ['a: b: c\n', "a: 'b' c\n", '- [a] b\n'], 'yaml-syntax'],
    ['text and structure at one place', ['a\nb: 1\n', '- a\nb: 1\n', 'a: 1\n- b\n'], 'yaml-syntax'],
    ['characters that begin nothing', ['a: @b\n', 'a: `b`\n', 'a: %b\n', 'a: , b\n'], 'yaml-syntax'],
    ['two anchors or two tags', ['&a &b c', '!!str !!str a'], 'yaml-syntax'],
    ['directives without a document', ['%YAML 1.2\n', '%YAML 1.2\na: 1\n'], ''],
    ['a byte order mark inside', ['\n\uFEFFa: 1\n'], ''],
    ['two versions', ['%YAML 1.2\n%YAML 1.2\n---\na\n'], 'yaml-syntax'],
    ['text whose first line is too far in', ['a: |\n    \n  b\n'], 'yaml-syntax'],
  ])('%s', (_, texts, rule) => {
    for (const text of texts) {
      const rules = read(text).flatMap((document) => (Array.isArray(document) ? document : []));
      expect([text, rules]).toEqual([text, rule === '' ? expect.anything() : expect.arrayContaining([rule])]);
      expect([text, rules.length > 0]).toEqual([text, true]);
    }
  });
});

describe('values in resources that YAML 1.1 reads in another way', () => {
  const plan = (label: string, rate = '1') =>
    `apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: a, labels: { a: ${label} } }\nspec: { rateLimit: { requests: ${rate}, per: minute } }\n`;
  const rules = (text: string, path = 'plan.yaml') =>
    readResourceFile(path, Buffer.from(text)).findings.map(({ rule }) => rule);

  it.each([
    ...['no', 'Yes', 'ON', 'off', 'y', 'N', '0777', '-012', '08', '0o17', '0b11', '-0x1F', '1_000', '1:30', '12:30:45'],
    ...['1:30.5', '1e3', '1.5E3', '12345678901234567890', '1e999', '.inf', '.NaN'],
  ])('%s is refused, and in quotes it is text', (word) => {
    expect(rules(plan(word))).toContain('yaml-ambiguous');
    expect(rules(plan(`"${word}"`))).toEqual([]);
    expect(rules(plan(`'${word}'`))).toEqual([]);
  });

  it.each(['2026-12-31', 'v1', '1.2.3', 'nope', 'offline', '10.0.0.0/8', '1m30s', '0.0.0.0:80', 'a:1', '00ff00'])(
    '%s is text to everybody',
    (word) => {
      expect(rules(plan(word))).toEqual([]);
    },
  );

  it('counts where a number is asked for, and says where', () => {
    const { findings } = readResourceFile('plan.yaml', Buffer.from(plan('b', '1e3')));
    expect(findings).toMatchObject([
      { rule: 'yaml-ambiguous', where: { file: 'plan.yaml', range: { line: 4, column: 32, endColumn: 35 } } },
    ]);
  });

  it('a word of the language means what it says', () => {
    const ruleSet =
      'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: a }\nspec: { guardrails: [{ use: all, severity: off }] }\n';
    expect(rules(ruleSet)).toEqual([]);
    expect(rules(ruleSet.replace('name: a', 'name: a, labels: { b: off }'))).toEqual(['yaml-ambiguous']);
  });

  it('concerns resources alone', () => {
    expect(rules('on: push\nmode: 0755\n---\n# gitway.dev/v1\na: no\n')).toEqual([]);
  });
});
