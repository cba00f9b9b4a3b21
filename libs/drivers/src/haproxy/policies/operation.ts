import type { ApiUnit, Operation } from '@gitway/contracts';
import { denial, undeclaredMethod, undeclaredPath } from '../answers.ts';
import { helper, native } from '../capability.ts';
import { MAX_NODES, type OperationTrie, operationTrie } from '../operations/trie.ts';
import type { Policy } from '../policy.ts';
import { mapNamed, request, type Rule } from '../rule.ts';
import { type ApiScope, shortDigest } from '../scope.ts';

/** Segments of the longest path: each takes rules of its own. */
const LONGEST = 64;
const MAP = mapNamed('operations');

/**
 * Finds the operation of a call by walking the declared paths segment by segment through a map, so that the cost is the
 * path's length, however many operations there are. Afterwards `txn.group` says how the call is treated.
 *
 * Keys begin with `txn.ops`, a digest of all entries of the API: `<ops>.<node>/<segment>` leads to a node,
 * `<ops>.<node>:<segments>` lists the methods that end there, and with `@<method>` gives `<group>|<short name of the operation>`.
 */
export const operation: Policy = {
  capabilities: [
    native('api route.onlyDeclaredOperations', 'a walk through a map of the declared paths; 404, and 405 with Allow'),
    helper('api operations', 'the agent names the operation of each logged call'),
    native('api policy.operations', 'rules that ask to which group of operations a call belongs'),
  ],

  check(api, on) {
    const { route, policy } = api;
    if (route.onlyDeclaredOperations === true) {
      on.require(
        api.operations.length > 0,
        'route.onlyDeclaredOperations',
        'no operation is declared: nothing could be called',
      );
    } else if (
      policy.operations === undefined &&
      api.planOperations === undefined &&
      policy.allow?.operations === undefined
    ) {
      return;
    }
    const trie = operationTrie(readAs(api));
    on.require(trie !== null, 'operations', `the templates overlap in more than ${MAX_NODES} ways; make them plainer`);
    on.require((trie?.depth ?? 0) <= LONGEST, 'operations', `a path may have ${LONGEST} segments`);
    const plain =
      (trie?.edges.every(({ segment }) => /^[^\s\u0000-\u001f\u007f]*$/.test(segment)) ?? true) &&
      api.operations.every(({ path }) => !path.includes('//'));
    on.require(
      plain,
      'operations',
      'a path with white space, control characters or an empty segment cannot be matched',
    );
    api.operations.forEach(({ method }, index) =>
      on.require(/^[A-Za-z]{1,32}$/.test(method), `operations[${index}].method`, 'must be letters'),
    );
  },

  contribute(scope) {
    const found = scope.needsOperation ? operationEntries(scope) : null;
    if (found === null) return {};
    const { trie, root, entries } = found;
    return {
      rules: rulesOf(scope, trie),
      maps: entries.map(([key, value]) => ({ map: 'operations', key: `${root}.${key}`, value })),
    };
  },
};

/** What begins the keys of an API's operations: a digest of its entries, so that equal documents share them. Null: none. */
export const operationsRoot = (scope: ApiScope): string | null =>
  scope.needsOperation ? (operationEntries(scope)?.root ?? null) : null;

/**
 * The paths that lead to an operation. Many upstreams take a path with a slash at its end for the one without: so where
 * calls that are not declared go on, such a path is treated as the operation that it would be.
 */
function readAs({ operations, route }: ApiUnit): readonly Operation[] {
  if (route.onlyDeclaredOperations === true) return operations;
  const declared = new Set(operations.map(({ method, path }) => `${method} ${path}`));
  const ends = operations
    .filter(({ method, path }) => path !== '/' && !path.endsWith('/') && !declared.has(`${method} ${path}/`))
    .map((found) => ({ ...found, path: `${found.path}/` }));
  return [...operations, ...ends];
}

interface Found {
  readonly trie: OperationTrie;
  readonly root: string;
  readonly entries: readonly (readonly [string, string])[];
}
const known = new WeakMap<ApiScope, Found | null>();

function operationEntries(scope: ApiScope): Found | null {
  const kept = known.get(scope);
  if (kept !== undefined) return kept;
  const trie = operationTrie(readAs(scope.api));
  const found = trie === null ? null : { trie, ...keysOf(trie, scope) };
  known.set(scope, found);
  return found;
}

function keysOf(trie: OperationTrie, scope: ApiScope): Omit<Found, 'trie'> {
  const entries = [
    ...trie.edges.map(({ from, segment, to }) => [`${from}/${segment}`, String(to)] as const),
    ...trie.leaves.flatMap(({ node, depth, methods }) => {
      const groups = groupsOf(methods, scope);
      return [
        [`${node}:${depth}`, [...groups.keys()].sort().join(',')] as const,
        ...[...groups].map(([method, value]) => [`${node}:${depth}@${method}`, value] as const),
      ];
    }),
  ];
  return { root: `o${shortDigest(entries)}`, entries };
}

/** Method → group and operation; HEAD is answered wherever GET is (RFC 9110, 9.1), unless it is declared by itself. */
function groupsOf(methods: ReadonlyMap<string, Operation>, scope: ApiScope): Map<string, string> {
  const groups = new Map(
    [...methods].map(([method, declared]) => [method, `${scope.group(declared)}|${shortDigest(declared.id, 8)}`]),
  );
  const get = groups.get('GET');
  if (get !== undefined && !groups.has('HEAD')) groups.set('HEAD', get);
  return groups;
}

function rulesOf(scope: ApiScope, trie: OperationTrie): Rule[] {
  const base = scope.api.route.basePath;
  return [
    ...walk(base === '/' ? 2 : base.split('/').length + 1, trie),
    request('operation', 'set-var(txn.leaf) var(txn.ops),concat(.,txn.node),concat(:,txn.depth)'),
    request('operation', 'set-var(txn.method) method'),
    request('operation', `set-var(txn.group) var(txn.leaf),concat(@,txn.method),map_str(${MAP},x),field(1,|)`),
    ...(scope.api.route.onlyDeclaredOperations === true ? undeclared() : []),
    request('operation', 'set-var(txn.group) str(0)', '{ var(txn.group) -m str x }'),
  ];
}

function undeclared(): Rule[] {
  const here = '{ var(txn.undeclared) -m found }';
  return [
    request('operation', 'set-var(txn.undeclared) bool(true)', '{ var(txn.group) -m str x }'),
    request('operation', `set-var(txn.allow) var(txn.leaf),map_str(${MAP})`, here),
    request('form', denial(undeclaredPath), here, '!{ var(txn.allow) -m found }'),
    request('form', denial(undeclaredMethod), here),
  ];
}

/**
 * Leaves in `txn.node` where a path leads. An upstream that does not normalise paths sees the one that was sent: so where
 * a segment was sent in another form than it reads, it may only be a parameter. (Texts of declared paths are plain: in
 * another form they are no text of another path.)
 *
 * @param skip number of the first field behind the base path, split at `/`
 */
function walk(skip: number, { depth, patterns }: OperationTrie): Rule[] {
  const rule = (act: string, ...when: string[]) => request('operation', act, ...when);
  const step = (key: string) => `set-var(txn.next) var(txn.ops),concat(.,txn.node),${key},map_str(${MAP},x)`;
  // Nodes and groups are numbers: `x` is none of them.
  const lost = '{ var(txn.next) -m str x }';
  const odd = '{ var(txn.plain) -m found }';
  const length = 'regsub([^/]+,,g),length,add(1)';
  return [
    rule('set-var(txn.sub) str()'),
    rule(`set-var(txn.sub) var(txn.seen),field(${skip},/,0)`),
    rule('set-var(txn.depth) int(0)'),
    rule(`set-var(txn.depth) var(txn.sub),${length}`, '{ var(txn.sub) -m len gt 0 }'),
    rule('set-var(txn.sent) str()', odd),
    rule(`set-var(txn.sent) var(txn.path),field(${skip},/,0)`, odd),
    rule('set-var(txn.sent_depth) int(0)', odd),
    rule(`set-var(txn.sent_depth) var(txn.sent),${length}`, odd, '{ var(txn.sent) -m len gt 0 }'),
    rule('deny deny_status 400', odd, '!{ var(txn.sent_depth),sub(txn.depth) -m int eq 0 }'),
    rule('set-var(txn.node) str(0)'),
    ...Array.from({ length: depth }, (_, level) => {
      const here = `{ var(txn.depth) -m int gt ${level} }`;
      const same = `{ var(txn.sent),field(${level + 1},/),strcmp(txn.segment) eq 0 }`;
      return [
        rule(`set-var(txn.segment) var(txn.sub),field(${level + 1},/)`, here),
        rule(step('concat(/,txn.segment)'), here),
        ...patterns.map(({ from, to, pattern }) =>
          rule(
            `set-var(txn.next) str(${to})`,
            here,
            lost,
            `{ var(txn.node) -m str ${from} }`,
            `{ var(txn.segment) -m reg '${pattern}' }`,
          ),
        ),
        rule('deny deny_status 400', odd, here, `!${lost}`, `!${same}`),
        // A parameter is never empty.
        rule(step('concat(/*)'), here, lost, '{ var(txn.segment) -m len gt 0 }'),
        rule('set-var(txn.node) var(txn.next)', here),
      ];
    }).flat(),
    // Longer than every declared path.
    rule('set-var(txn.node) str(x)', `{ var(txn.depth) -m int gt ${depth} }`),
  ];
}
