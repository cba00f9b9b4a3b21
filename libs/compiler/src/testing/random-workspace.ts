import fc from 'fast-check';
import { api, consumer, environment, gateway, openApi, plan, policy } from './workspace.ts';

export type Files = Record<string, string>;
/** Changes the files in place; `pick` and `other` choose what, and how. */
export type Edit = (files: Files, pick: number, other: number) => void;

const names = ['ants', 'bees', 'cats', 'dogs'];
const of = <T>(items: readonly T[], pick: number): T => items[pick % items.length]!;
const pathsOf = (files: Files) => Object.keys(files).sort();

/** A valid workspace: all kinds, two environments with patches and variables, one document split over files. */
export const validWorkspace = (): Files => ({
  'gateway.yaml': gateway,
  'staging.yaml': environment('staging', '  variables: { team: pets }\n'),
  'production.yaml': environment(
    'production',
    '  promoteFrom: staging\n  variables: { team: pets }\n  patches:\n    - { target: { kind: Api, labels: { tier: public } }, merge: { spec: { policy: { timeout: { request: 9s } } } } }\n',
  ),
  'policies.yaml': [
    policy('strict', '  timeout: { request: 3s }\n'),
    policy('everywhere', '  selector: { labels: { tier: public } }\n  rateLimit: { requests: 9, per: hour }\n'),
  ].join('---\n'),
  'plans.yaml': [
    plan('free'),
    plan('pro', '  apis: { names: [bees] }\n  rateLimit: { requests: 1, per: second }\n'),
  ].join('---\n'),
  'consumers.yaml': ['acme', 'globex'].map((name, index) => consumer(name, String(index).repeat(64))).join('---\n'),
  ...Object.fromEntries(
    names.map((name, index) => [
      `${name}.yaml`,
      api(name, index % 2 === 0 ? '  plans: [free]\n  policies: [strict]\n' : ''),
    ]),
  ),
  ...Object.fromEntries(names.map((name) => [`${name}.openapi.yaml`, openApi(name)])),
  'cats.openapi.yaml': openApi('cats', "  /cats: { $ref: './shared.yaml#/cats' }\n"),
  'shared.yaml': "cats: { get: { operationId: listCats, responses: { '200': { description: ok } } } }\n",
});

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
  ],
];
const words: readonly (readonly [string, string])[] = [
  ['name: ants', 'name: aunts'],
  ['name: free', 'name: gratis'],
  ['[free]', '[free, nothing]'],
  ['[strict]', '[everywhere, strict]'],
  ['basePath: /ants', 'basePath: /bees'],
  ['basePath: /cats', 'basePath: "/${team}"'],
  ['tier: public', 'tier: private'],
  ['request: 3s', 'request: 3 seconds'],
  ['requests: 9', 'requests: 010'],
  ['promoteFrom: staging', 'promoteFrom: production'],
  ['gateways: [edge]', 'gateways: [edge, ledge]'],
  ['driver: haproxy', 'driver: nothing'],
  ['kind: Plan', 'kind: Plam'],
  ['3.0.3', '4.0.0'],
  ['listThings', 'listEverything'],
  ['/things', '/things/{id}'],
  ["shared.yaml#/cats'", "shared.yaml#/dogs'"],
  ['labels: { tier: public }', 'name: bees'],
  ['internal:8080', 'internal:99999'],
  ['\n', '\r\n'],
];

export const edits: readonly Edit[] = [
  (files, pick) => void delete files[of(pathsOf(files), pick)],
  (files, pick, other) => void (files[`new-${other % 3}.yaml`] = files[of(pathsOf(files), pick)] ?? ''),
  (files, pick, other) => {
    // A file that moves: into a folder, or to another name.
    const path = of(pathsOf(files), pick);
    files[other % 2 === 0 ? `folder/${path}` : `z-${path}`] = files[path]!;
    delete files[path];
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
    const valid = validWorkspace();
    const path = of(pathsOf(valid), pick);
    files[path] = valid[path]!;
  },
  (files) => {
    for (const path of Object.keys(files)) delete files[path];
    Object.assign(files, validWorkspace());
  },
];

/** Sequences of edits, by number: shrunk ones are easy to read. */
export const editSequences = (maxLength: number) =>
  fc.array(fc.tuple(fc.nat(edits.length - 1), fc.nat(5_000), fc.nat(5_000)), { minLength: 1, maxLength });
