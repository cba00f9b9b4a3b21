import { canonicalJson, type ApiUnit } from '@gitway/contracts';
import type { Change } from './compare-documents.ts';
import type { UnitChange } from './unit-changes.ts';

type Operation = ApiUnit['operations'][number];

const everybody = { consumers: null };

/** What of an API is closed to callers at an address that is as it was: by conditions, listeners and operations. */
export function narrowed(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  return [
    ...conditions(live, revision),
    ...listeners(live, revision),
    ...undeclared(live, revision),
    ...closedOperations(live, revision),
  ];
}

function conditions(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  const known = new Set((live.route.match ?? []).map((each) => canonicalJson(each)));
  const added = (revision.route.match ?? []).filter((each) => !known.has(canonicalJson(each)));
  if (added.length === 0) return [];
  const names = added.map(({ in: place, name }) => `${place} \`${name}\``).join(', ');
  return [
    {
      id: 'gateway-route-removed',
      level: 'error',
      message: `Api \`${live.name}\` answers only requests that match on ${names} now`,
      hint: 'Serve requests without it as well until its callers have changed over.',
      concerns: everybody,
      field: ['spec', 'route', 'match'],
    },
  ];
}

function listeners(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  const { listeners: now } = revision.route;
  const before = live.route.listeners;
  if (now === undefined || before?.every((name) => now.includes(name)) === true) return [];
  const gone = before === undefined ? 'others' : before.filter((name) => !now.includes(name)).join(', ');
  return [
    {
      id: 'gateway-route-removed',
      level: 'error',
      message: `Api \`${live.name}\` is served by the listeners ${now.join(', ')} alone now, and not by ${gone}`,
      hint: 'Keep the listener until its callers have left.',
      concerns: everybody,
      field: ['spec', 'route', 'listeners'],
    },
  ];
}

/** Nobody promised these calls, and they are answered all the same until the gateway is told not to. */
function undeclared(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  if (live.route.onlyDeclaredOperations === true || revision.route.onlyDeclaredOperations !== true) return [];
  return [
    {
      id: 'gateway-undeclared-refused',
      level: 'error',
      message: `Api \`${live.name}\` let calls through that its document does not declare, and now refuses them`,
      hint: 'Declare what is called, or tell its callers first.',
      concerns: { undeclared: true },
      field: ['spec', 'route', 'onlyDeclaredOperations'],
    },
  ];
}

function closedOperations(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  const pairs = live.operations.flatMap((before) => {
    const after = sameCall(revision, before);
    return after === undefined ? [] : [{ before, after }];
  });
  const closed = (open: (unit: ApiUnit, operation: Operation) => boolean) =>
    pairs.filter(({ before, after }) => open(live, before) && !open(revision, after)).map(({ before }) => before);
  const changes: UnitChange[] = [];
  const notAllowed = closed(({ policy: { allow } }, { id, method }) => {
    const { methods, operations } = allow ?? {};
    return (methods?.includes(method) ?? true) && (operations?.includes(id) ?? true);
  });
  if (notAllowed.length > 0) {
    changes.push({
      id: 'gateway-operation-closed',
      level: 'error',
      message: `${several(notAllowed)} of Api \`${live.name}\` is no longer among what the gateway lets through`,
      hint: 'Deprecate it first, and close it when its callers have left.',
      concerns: { operations: notAllowed },
      field: ['spec', 'policy', 'allow'],
    });
  }
  for (const plan of revision.plans) {
    if (!live.plans.includes(plan)) continue;
    const withheld = closed(({ planOperations }, { id }) =>
      planOperations !== undefined && Object.hasOwn(planOperations, plan) ? planOperations[plan]!.includes(id) : true,
    );
    if (withheld.length === 0) continue;
    changes.push({
      id: 'gateway-plan-closed',
      level: 'error',
      message: `${several(withheld)} of Api \`${live.name}\` is no longer opened by plan \`${plan}\``,
      hint: 'Move its subscribers to a plan that opens it first.',
      concerns: { operations: withheld },
      field: ['spec', 'plans'],
    });
  }
  return changes;
}

/** Operations that are gone, where no more than the units can be compared. */
export function goneOperations(live: ApiUnit, revision: ApiUnit): Omit<Change, 'where'>[] {
  return live.operations
    .filter((operation) => sameCall(revision, operation) === undefined)
    .map((operation) => ({
      id: 'api-removed-without-deprecation',
      level: 'error',
      message: `\`${operation.method} ${operation.path}\` is gone`,
      hint: 'Keep it as deprecated until its callers have left.',
      concerns: { operations: [operation] },
    }));
}

/** A parameter of a path is called what it is called: callers do not see its name. */
const template = (path: string) => path.replaceAll(/\{[^}]*\}/g, '{}');
const sameCall = ({ operations }: ApiUnit, { method, path }: Operation) =>
  operations.find((other) => other.method === method && template(other.path) === template(path));

function several([first, ...others]: readonly Operation[]): string {
  const name = `\`${first!.method} ${first!.path}\``;
  return others.length === 0 ? name : `${name} (and ${others.length} more)`;
}
