import type { ApiUnit } from '@gitway/contracts';
import { type FieldChange, fieldChanges } from '../diff/field-changes.ts';
import { isEqual, type Json, memberOf } from '../diff/json.ts';
import { noField, shownField, type Told } from '../told.ts';
import { fieldOf, isOpenApiField, isWholeApiField, judgeApiField } from '../words/api-fields.ts';
import { describeAuth } from '../words/auth.ts';
import { describeLimits } from '../words/limits.ts';
import type { Judged } from '../words/judged.ts';
import { counted, cut, namesOf } from '../words/show-value.ts';
import { diffOperations, operationName, tellOperations } from './operations.ts';
import { tellPools } from './pools.ts';

const whereOf = ({ route: { hosts, basePath } }: ApiUnit) =>
  hosts.length === 0
    ? `any host${basePath}`
    : namesOf(
        hosts.map((host) => cut(`${host}${basePath}`, 120)),
        3,
      );

/** An API that came or went. */
export function tellApi(unit: ApiUnit, change: 'added' | 'removed'): Told {
  const operations = counted(unit.operations.length, 'operation');
  const auth = describeAuth(unit.policy.auth);
  return {
    change,
    kind: 'api',
    name: unit.name,
    ...noField,
    says:
      change === 'added'
        ? `new: ${operations} at ${whereOf(unit)}, ${auth}`
        : `gone: ${operations} at ${whereOf(unit)} answer no more`,
    many: change === 'added' ? 'new' : 'gone: their operations answer no more',
    notice: 'callers',
    severity: change === 'added' ? 'widening' : 'breaking',
    touches: { apis: [unit.name] },
  };
}

/** Whether one API took the place of another: it answers there, and most of what could be called still can be. */
export function isRenamed(before: ApiUnit, after: ApiUnit): boolean {
  const place = ({ route: { hosts, basePath } }: ApiUnit) => JSON.stringify([hosts, basePath]);
  if (place(before) !== place(after)) return false;
  const { added, removed } = diffOperations(before.operations, after.operations);
  return (
    (added.length + removed.length) * 2 <=
    before.operations.length + after.operations.length - added.length - removed.length
  );
}

export function tellRename(before: ApiUnit, after: ApiUnit): Told {
  return {
    change: 'renamed',
    kind: 'api',
    name: after.name,
    field: 'name',
    from: before.name,
    to: after.name,
    says: `was ${before.name}: answers where that did, its figures and limits begin anew`,
    many: 'renamed: figures and limits begin anew',
    notice: 'platform',
    severity: 'neutral',
    touches: { apis: [after.name] },
  };
}

/** Everything in which an API differs from what it was. */
export function tellApiChanges(before: ApiUnit, after: ApiUnit): Told[] {
  const diff = diffOperations(before.operations, after.operations);
  const changes = fieldChanges(restOf(before), restOf(after), {
    whole: isWholeApiField,
    open: isOpenApiField,
  });
  const fields = changes.flatMap((change): Told[] => {
    const { field, operation } = fieldOf(change.path);
    const isIt = ({ id }: { id: string }) => id === operation;
    const at = operation === null ? undefined : (after.operations.find(isIt) ?? before.operations.find(isIt));
    // What is said of an operation that came or went came or went with it.
    if (at !== undefined && (diff.added.some(isIt) || diff.removed.some(isIt))) return [];
    const { from, to } = operation === null ? change : inherited(change, field, before, after);
    const same: Judged = { says: `${field} said for it alone, and the same`, notice: 'platform', severity: 'neutral' };
    const judged = isEqual(from, to) ? same : judgeApiField(change.path, from, to);
    const shown = shownField({ path: field, from, to });
    if (field === 'policy.auth') Object.assign(shown, { from: describeAuth(from), to: describeAuth(to) });
    if (/^policy\.(rateLimits|quotas)$/.test(field))
      Object.assign(shown, { from: describeLimits(from), to: describeLimits(to) });
    return [
      {
        change: 'changed',
        ...(at === undefined
          ? { kind: 'api', name: after.name, touches: { apis: [after.name] } }
          : {
              kind: 'operation',
              name: operationName(after.name, at),
              touches: { apis: [after.name], operations: [at.id] },
            }),
        ...shown,
        ...judged,
        many: `${field} differs`,
      },
    ];
  });
  const all = [...tellOperations(before, after, diff), ...fields, ...tellPools(before, after)];
  if (all.length > 0 || changes.length === 0) return all;
  const touches = { apis: [after.name] };
  const says = 'what is said of operations that it does not have';
  return [
    {
      change: 'changed',
      kind: 'api',
      name: after.name,
      ...noField,
      says,
      notice: 'platform',
      severity: 'neutral',
      touches,
    },
  ];
}

/** Where an operation says nothing of its own, what the API says holds. */
function inherited({ from, to }: FieldChange, field: string, before: ApiUnit, after: ApiUnit) {
  const own = (unit: ApiUnit) =>
    field
      .replaceAll(/\[([^\]]*)\]/g, '.$1')
      .split('.')
      .reduce<Json | undefined>((value, key) => memberOf(value, key), unit as Json);
  return { from: from ?? own(before), to: to ?? own(after) };
}

const restOf = ({ kind: _kind, name: _name, operations: _operations, pools: _pools, ...rest }: ApiUnit): Json => rest;
