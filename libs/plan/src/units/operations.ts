import type { ApiUnit } from '@gitway/contracts';
import { fieldChanges } from '../diff/field-changes.ts';
import { compare, isEqual, type Json } from '../diff/json.ts';
import { noField, shownField, type Told } from '../told.ts';
import { fromTo } from '../words/judged.ts';
import { cut } from '../words/show-value.ts';

type Operation = ApiUnit['operations'][number];

export interface OperationsDiff {
  readonly added: Operation[];
  readonly removed: Operation[];
  /** One that is called in another way: same id, other method or path. */
  readonly moved: { readonly from: Operation; readonly to: Operation }[];
  /** The same call under another id, or with other names for its parameters. */
  readonly renamed: { readonly from: Operation; readonly to: Operation }[];
  /** Empty where nothing differs at all. */
  readonly kept: { readonly from: Operation; readonly to: Operation }[];
}

/** An operation is its method and path to a caller; what a path calls its parameters makes no difference. */
const callOf = ({ method, path }: Operation) => `${method} ${path.replaceAll(/\{[^{}/]*\}/g, '{}')}`;

export function diffOperations(before: readonly Operation[], after: readonly Operation[]): OperationsDiff {
  const found: OperationsDiff = { added: [], removed: [], moved: [], renamed: [], kept: [] };
  if (isEqual(before, after)) return found;
  const exact = new Map(before.map((each) => [`${each.method} ${each.path}`, each]));
  const rest: Operation[] = [];
  const pair = (from: Operation, to: Operation) => {
    exact.delete(`${from.method} ${from.path}`);
    (from.id === to.id && from.path === to.path ? found.kept : found.renamed).push({ from, to });
  };
  for (const each of after) {
    const known = exact.get(`${each.method} ${each.path}`);
    if (known === undefined) rest.push(each);
    else pair(known, each);
  }
  const alike = new Map([...exact.values()].map((each) => [callOf(each), each]));
  const others: Operation[] = [];
  for (const each of rest) {
    const known = alike.get(callOf(each));
    alike.delete(callOf(each));
    if (known === undefined) others.push(each);
    else pair(known, each);
  }
  const gone = new Map([...exact.values()].map((each) => [each.id, each]));
  for (const each of others) {
    const from = gone.get(each.id);
    if (from === undefined) found.added.push(each);
    else {
      found.moved.push({ from, to: each });
      gone.delete(each.id);
      exact.delete(`${from.method} ${from.path}`);
    }
  }
  found.removed.push(...exact.values());
  return found;
}

export const operationName = (api: string, { method, path }: Operation) => cut(`${api} ${method} ${path}`, 300);

export function tellOperations(before: ApiUnit, after: ApiUnit, diff: OperationsDiff): Told[] {
  const api = after.name;
  const closed = (unit: ApiUnit) =>
    (unit.route as { onlyDeclaredOperations?: boolean }).onlyDeclaredOperations === true;
  const told = (
    change: Told['change'],
    operation: Operation,
    rest: Omit<Told, 'change' | 'kind' | 'name' | 'touches' | 'within' | 'field' | 'from' | 'to'> & Partial<Told>,
  ): Told => ({
    change,
    kind: 'operation',
    name: operationName(api, operation),
    within: api,
    touches: { apis: [api], operations: [operation.id] },
    ...noField,
    ...rest,
  });
  return [
    ...diff.removed.map((each) =>
      told('removed', each, {
        says: closed(after) ? 'gone: the gateway refuses it' : 'gone from what the API declares',
        notice: 'callers',
        severity: 'breaking',
      }),
    ),
    ...diff.moved.map(({ from, to }) =>
      told('changed', from, {
        says: `moved to ${cut(`${to.method} ${to.path}`, 200)}`,
        many: 'moved to another method or path',
        notice: 'callers',
        severity: 'breaking',
        field: 'operations',
        from: cut(`${from.method} ${from.path}`, 200),
        to: cut(`${to.method} ${to.path}`, 200),
      }),
    ),
    ...diff.added.map((each) => told('added', each, { says: 'new', notice: 'callers', severity: 'widening' })),
    ...diff.renamed.flatMap(({ from, to }) => [
      ...(from.id === to.id
        ? []
        : [
            told('renamed', to, {
              says: `called ${cut(to.id, 100)}, where it was ${cut(from.id, 100)}`,
              many: 'another id',
              notice: 'platform',
              severity: 'neutral',
              field: 'operations.id',
              from: cut(from.id, 200),
              to: cut(to.id, 200),
            }),
          ]),
      ...(from.path === to.path
        ? []
        : [
            told('renamed', to, {
              says: `parameters have other names: ${cut(from.path, 150)} → ${cut(to.path, 150)}`,
              many: 'parameters have other names',
              notice: 'platform',
              severity: 'neutral',
              field: 'operations.path',
              from: cut(from.path, 200),
              to: cut(to.path, 200),
            }),
          ]),
    ]),
    ...[...diff.kept, ...diff.renamed].flatMap(({ from, to }) => otherMembers(api, from, to)),
    ...orderTold(before, after, diff, api),
  ].sort((a, b) => compare(a.name, b.name));
}

/** Whatever else an operation may carry. */
function otherMembers(api: string, from: Operation, to: Operation): Told[] {
  const rest = ({ id: _id, method: _method, path: _path, ...others }: Operation) => others as Json;
  return fieldChanges(rest(from), rest(to)).map((change) => ({
    change: 'changed',
    kind: 'operation',
    name: operationName(api, to),
    within: api,
    touches: { apis: [api], operations: [to.id] },
    ...shownField({ ...change, path: `operations.${change.path}` }),
    says: fromTo(change.path, change.from, change.to, change.path),
    notice: 'callers',
    severity: 'unknown',
  }));
}

/** Units list operations in an order of their own; should one not, its difference is told all the same. */
function orderTold(before: ApiUnit, after: ApiUnit, diff: OperationsDiff, api: string): Told[] {
  const changed = diff.added.length + diff.removed.length + diff.moved.length + diff.renamed.length > 0;
  const order = (unit: ApiUnit) => unit.operations.map(({ method, path }) => `${method} ${path}`).join('\n');
  if (changed || order(before) === order(after)) return [];
  return [
    {
      change: 'changed',
      kind: 'api',
      name: api,
      touches: { apis: [api] },
      field: 'operations (order)',
      from: null,
      to: null,
      says: 'operations in another order',
      notice: 'platform',
      severity: 'neutral',
    },
  ];
}
