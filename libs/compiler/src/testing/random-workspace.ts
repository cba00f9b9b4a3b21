import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { wholeWorkspace } from './whole-workspace.ts';

export type Files = Record<string, string>;
/** Changes the files in place; `pick` and `other` choose what, and how. */
export type Edit = (files: Files, pick: number, other: number) => void;

const of = <T>(items: readonly T[], pick: number): T => items[pick % items.length]!;
const pathsOf = (files: Files) => Object.keys(files).sort();
/** One that is there already, in half of the cases: names that are taken are the interesting ones. */
const nameFor = (files: Files, pick: number) =>
  pick % 2 === 0 ? of(pathsOf(files), pick >> 1) : `new-${(pick >> 1) % 3}.yaml`;

/** Stands in texts for the byte 0xFF, which no UTF-8 has; likewise for all others from 0x80 on. */
const BYTES = 0xf700;
const rawByte = (byte: number) => String.fromCharCode(BYTES + byte);
/** The bytes of a file, those among them that are no UTF-8. */
export const bytesOf = (text: string): Uint8Array =>
  Buffer.concat(
    [...text.matchAll(/[\uF700-\uF7FF]|[^\uF700-\uF7FF]+/gu)].map(([part]) => {
      const byte = part.charCodeAt(0) - BYTES;
      return byte >= 0 && byte <= 0xff ? Buffer.from([byte]) : Buffer.from(part);
    }),
  );

const garbage = [
  ...['', '{', ']', 'a: [', '\t', '---\n', '...\n', '"', "'", '&a *a', '*a', '<<: {}', '__proto__: 1\n', '? ', '- - -'],
  ...[
    'no',
    '1e999',
    '\u0000',
    '\uFEFF',
    '${team}',
    '${nothing}',
    '"\\ud800"',
    '!!set ',
    '%YAML 1.1\n',
    '|',
    '{a: 1, a: 2}',
    '-> shared.yaml',
    'café: cafe\u0301\n',
    '['.repeat(300),
    rawByte(0xff) + rawByte(0xfe),
    rawByte(0xc3) + '(',
    rawByte(0xed) + rawByte(0xa0) + rawByte(0x80),
    '-----BEGIN PRIVATE KEY-----\n',
  ],
];
const words: readonly (readonly [string, string])[] = [
  ['name: ants', 'name: aunts'],
  ['name: ants', 'name: bees'],
  ['name: acme', 'name: globex'],
  ['name: staging', 'name: production'],
  ['name: defaults', 'name: strict'],
  ['name: lan', 'name: edge'],
  ['name: tried', 'name: house'],
  ['name: free', 'name: gratis'],
  ['[free]', '[free, nothing]'],
  ['[strict]', '[everywhere, strict]'],
  ['basePath: /ants', 'basePath: /bees'],
  ['basePath: /cats', 'basePath: "/${team}"'],
  ['domain: staging.example.org', 'domain: api.example.com'],
  ['team: pets, ', ''],
  ['tier: public', 'tier: private'],
  ['request: 3s', 'request: 3 seconds'],
  ['request: 3s', 'request: "${team}"'],
  ['requests: 9', 'requests: 010'],
  ['promoteFrom: staging', 'promoteFrom: production'],
  ['gateways: [edge]', 'gateways: [edge, ledge]'],
  ['driver: haproxy', 'driver: nothing'],
  ['driver: haproxy', 'driver: plain'],
  ['branch: next', 'branch: main'],
  ['mode: trial', 'mode: enforce'],
  ['default: true', 'default: false'],
  ['priority: 5', 'priority: 7'],
  ['severity: warning', 'severity: error'],
  ['lifecycle: deprecated', 'lifecycle: retired'],
  ['lifecycle: experimental', 'lifecycle: active'],
  ['private: warn', 'private: refuse'],
  ['until: 2026-12-31', 'until: 2026-01-31'],
  ["files: ['dogs*']", "files: ['**']"],
  ['"tier" in api.labels', '"team" in api.labels'],
  ['"tier" in api.labels', 'api.nothing == 1'],
  ['use: public-api-hosts', 'use: all'],
  ['spectral-more.yaml', '.spectral.yaml'],
  ['function: truthy', 'function: falsy'],
  ['severity: warn,', 'severity: error,'],
  ['given: $.info,', 'given: $..*,'],
  ['templates/', '*.yaml'],
  ['templates/', '/[a-c]*'],
  ['templates/', '!templates/'],
  ['keys/server.pem', 'keys/ca.pem'],
  ['keys/issuer.pem', 'keys/server.pem'],
  ['secret: edge-key', 'secret: spare'],
  ["swagger: '2.0'", "openapi: '3.0.0'"],
  ['x-nullable: true', "$ref: '#/Dog'"],
  ['#/components/schemas/Thing', '#/components/schemas/Nothing'],
  ['#/components/responses/Things', './bees.openapi.yaml#/components/responses/Things'],
  ['type: email', 'type: telegram'],
  ['suspended: true', 'plans: [pro]'],
  ['kind: Plan', 'kind: Plam'],
  ['3.0.3', '4.0.0'],
  ['listThings', 'listEverything'],
  ['/things', '/things/{id}'],
  ["shared.yaml#/cats'", "shared.yaml#/dogs'"],
  ['kind: Api, labels: { tier: public }', 'kind: Api, name: bees'],
  ['internal:8080', 'internal:99999'],
  ['\n', '\r\n'],
];

const swapped = [
  'ants',
  'bees',
  'staging',
  'production',
  'edge',
  'lan',
  'free',
  'pro',
  'strict',
  'house',
  'acme',
  'pets',
];
const values: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    '',
    ' ',
    'ants',
    'free',
    'staging',
    '10s',
    '9ms',
    '10MB',
    'error',
    'off',
    'trial',
  ],
  ...['./ants.openapi.yaml', './shared.yaml#/Dog', '../../etc/passwd', 'https://example.com/x.yaml', './keys/ca.pem'],
  ...['${team}', '${none}', '*', '**', '#/', 'http://10.0.0.1:80', '2027-01-31', '(a+)+$', 'api.name == "x"', '$..*'],
  ...[[], {}, [null], ['ants', 'ants'], { $ref: '#' }, { labels: {} }, { requests: 1, per: 'second' }, { 'a.b': 1 }],
];

/** Somewhere in a document of a file a value is another, comes twice, goes, or changes places with its neighbour. */
const changeValue: Edit = (files, pick, other) => {
  const path = of(pathsOf(files), pick);
  const documents = parseAllDocuments(files[path]!, { uniqueKeys: false, logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return;
  let plain: unknown[];
  try {
    plain = documents.map((document): unknown => document.toJS());
  } catch {
    return;
  }
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit((value as Record<string, unknown>)[key]);
    }
  };
  visit(plain);
  if (places.length === 0) return;
  const [holder, key] = of(places, other);
  const [neighbour, otherKey] = of(places, other + 1);
  const action = (pick + other) % 6;
  if (action === 0) delete holder[key];
  else if (action === 1) [holder[key], neighbour[otherKey]] = [neighbour[otherKey], holder[key]];
  else if (action === 2 && Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
  else if (action === 2) holder[`${key}s`] = structuredClone(holder[key]);
  else holder[key] = structuredClone(of(values, pick + other));
  try {
    files[path] = plain.map((document) => stringify(document)).join('---\n');
  } catch {
    // A value that holds itself now: nothing that a file could hold.
  }
};

export const edits: readonly Edit[] = [
  (files, pick) => void delete files[of(pathsOf(files), pick)],
  (files, pick, other) => void (files[nameFor(files, other)] = files[of(pathsOf(files), pick)] ?? ''),
  (files, pick, other) => {
    // A file that moves: into a folder, to another name, or to what some file systems take for the same one.
    const path = of(pathsOf(files), pick);
    const moved = of([`folder/${path}`, `z-${path}`, path.toUpperCase(), path.replace('a', 'a\u0301')], other);
    const content = files[path]!;
    delete files[path];
    files[moved] = content;
  },
  (files, pick, other) => {
    // Two files change places.
    const [a, b] = [of(pathsOf(files), pick), of(pathsOf(files), other)];
    [files[a], files[b]] = [files[b]!, files[a]!];
  },
  (files, pick, other) => {
    const path = of(pathsOf(files), pick);
    const at = other % (files[path]!.length + 1);
    files[path] = files[path]!.slice(0, at) + of(garbage, pick + other) + files[path]!.slice(at);
  },
  (files, pick, other) => {
    // A line goes.
    const path = of(pathsOf(files), pick);
    const lines = files[path]!.split('\n');
    lines.splice(other % lines.length, 1);
    files[path] = lines.join('\n');
  },
  (files, pick, other) => {
    // The end of a file goes.
    const path = of(pathsOf(files), pick);
    files[path] = files[path]!.slice(0, other % (files[path]!.length + 1));
  },
  (files, pick, other) => {
    // A file that is being written: its beginning, or zeros where its end will be.
    const path = of(pathsOf(files), pick);
    const length = files[path]!.length;
    const written = other % (length + 1);
    files[path] = files[path]!.slice(0, written) + (pick % 2 === 0 ? '' : '\u0000'.repeat(length - written));
  },
  (files, pick, other) => {
    // All documents of one file also stand in another: every name twice.
    const [from, to] = [of(pathsOf(files), pick), of(pathsOf(files), other)];
    files[to] = `${files[to]!}\n---\n${files[from]!}`;
  },
  (files, pick) => {
    // The documents of a file in another order.
    const path = pathsOf(files).filter((each) => files[each]!.includes('---\n'))[pick % 5];
    if (path !== undefined) files[path] = files[path]!.split('---\n').reverse().join('---\n');
  },
  (files, pick, other) => {
    // Two names change places, everywhere.
    const [a, b] = [of(swapped, pick), of(swapped, other)];
    for (const [path, content] of Object.entries(files)) {
      files[path] = content.replaceAll(new RegExp(`\\b(${a}|${b})\\b`, 'g'), (found) => (found === a ? b : a));
    }
  },
  ...[0, 1, 2, 3].map((): Edit => changeValue),
  ...[0, 1, 2].map((): Edit => (files, pick) => {
    // A name, value or reference changes everywhere, or back.
    const [from, to] = of(words, pick);
    const back = Object.values(files).some((content) => content.includes(to));
    for (const [path, content] of Object.entries(files)) {
      files[path] = back ? content.replaceAll(to, from) : content.replaceAll(from, to);
    }
  }),
  (files, pick) => {
    // Or in one file alone.
    const [from, to] = of(words, pick);
    const path = pathsOf(files).find((each) => files[each]!.includes(from));
    if (path !== undefined) files[path] = files[path]!.replace(from, to);
  },
  (files, pick) => {
    // Documents of one file are laid out over two.
    const path = pathsOf(files).find((each) => files[each]!.includes('---\n') && !each.startsWith('rest'));
    if (path === undefined) return;
    const [first = '', ...rest] = files[path]!.split('---\n');
    files[path] = first;
    files[`rest-${pick % 4}.yaml`] = rest.join('---\n');
  },
  // Back to what is valid: whole, or one file of it.
  (files, pick) => {
    const valid = wholeWorkspace();
    const path = of(pathsOf(valid), pick);
    files[path] = valid[path]!;
  },
  (files) => {
    for (const path of Object.keys(files)) delete files[path];
    Object.assign(files, wholeWorkspace());
  },
];

/** Sequences of edits, by number: shrunk ones are easy to read. */
export const editSequences = (maxLength: number) =>
  fc.array(fc.tuple(fc.nat(edits.length - 1), fc.nat(5_000), fc.nat(5_000)), { minLength: 1, maxLength });
