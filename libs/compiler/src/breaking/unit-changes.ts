import { canonicalJson, type ApiUnit, type ConsumerEntry } from '@gitway/contracts';
import type { Path } from '@gitway/resources';
import type { Change } from './document-changes.ts';

/** A change of what the gateway itself asks of callers, at a field of the Api. */
export type UnitChange = Omit<Change, 'where'> & { readonly field: Path };

/** What of a live API its callers no longer find at the gateway, although its document may be the same. */
export function unitChanges(live: ApiUnit, revision: ApiUnit, consumers: readonly ConsumerEntry[]): UnitChange[] {
  return [
    ...retired(live, revision),
    ...routes(live, revision),
    ...authentication(live, revision),
    ...closedPlans(live, revision, consumers),
  ];
}

const everybody = { consumers: null };

function retired(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  if (revision.lifecycle !== 'retired' || live.lifecycle === 'retired') return [];
  return [
    {
      id: 'gateway-api-retired',
      level: 'error',
      message: `Api \`${live.name}\` is retired: every call of it is answered with 410`,
      hint: 'Keep it `deprecated` with a sunset date until its callers have left.',
      concerns: everybody,
      field: ['spec', 'lifecycle'],
    },
  ];
}

function routes(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  const change = (message: string, field: Path): UnitChange[] => [
    {
      id: 'gateway-route-removed',
      level: 'error',
      message,
      hint: 'Serve the old address as well until its callers have left.',
      concerns: everybody,
      field,
    },
  ];
  const { hosts, basePath } = revision.route;
  if (basePath !== live.route.basePath) {
    const message = `Api \`${live.name}\` no longer answers under \`${live.route.basePath}\`, but under \`${basePath}\``;
    return change(message, ['spec', 'route', 'basePath']);
  }
  if (hosts.length === 0) return [];
  if (live.route.hosts.length === 0) {
    const message = `Api \`${live.name}\` answered on any host, and now on ${listed(hosts)} only`;
    return change(message, ['spec', 'route', 'hosts']);
  }
  const gone = live.route.hosts.filter((host) => !hosts.some((kept) => covers(kept, host)));
  if (gone.length === 0) return [];
  return change(`Api \`${live.name}\` no longer answers on ${listed(gone)}`, ['spec', 'route', 'hosts']);
}

/** `*.example.com` stands for every name one label below. */
const covers = (host: string, other: string) =>
  host === other || (host.startsWith('*.') && other.slice(other.indexOf('.')) === host.slice(1));

function authentication(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  const before = live.policy.auth;
  const after = revision.policy.auth;
  if (after.kind === 'none' || canonicalJson(before) === canonicalJson(after)) return [];
  const field = ['spec', 'policy', 'auth'];
  if (before.kind === 'none') {
    return [
      {
        id: 'gateway-authentication-added',
        level: 'error',
        message: `Api \`${live.name}\` let everybody in, and now asks callers who they are`,
        hint: 'Tell its callers first, give them credentials, and accept the change in a RuleSet.',
        concerns: everybody,
        field,
      },
    ];
  }
  const lost = before.kind === 'apiKey' && after.kind === 'apiKey' ? keyPlacesLost(before, after) : undefined;
  if (lost?.length === 0) return [];
  const message =
    lost === undefined
      ? `Api \`${live.name}\` asks its callers for another proof of who they are`
      : `Api \`${live.name}\` no longer takes a key ${lost.join(', nor ')}`;
  const hint = 'Take the old credentials as well until callers have changed over.';
  return [{ id: 'gateway-authentication-changed', level: 'error', message, hint, concerns: everybody, field }];
}

type KeyAuth = Extract<ApiUnit['policy']['auth'], { kind: 'apiKey' }>;

function keyPlacesLost(before: KeyAuth, after: KeyAuth): string[] {
  const lost: string[] = [];
  if (before.header.toLowerCase() !== after.header.toLowerCase()) lost.push(`in the header \`${before.header}\``);
  if (before.bearer && !after.bearer) lost.push('as a bearer token');
  if (before.query !== null && before.query !== after.query) lost.push(`in the query parameter \`${before.query}\``);
  return lost;
}

/** Plans matter to those who subscribe to one: what a consumer may call after the change is decided by its own plans. */
function closedPlans(live: ApiUnit, revision: ApiUnit, consumers: readonly ConsumerEntry[]): UnitChange[] {
  if (live.policy.auth.kind === 'none' || revision.policy.auth.kind === 'none' || revision.plans.length === 0)
    return [];
  const opens = (plans: readonly string[], consumer: ConsumerEntry) =>
    plans.length === 0 || consumer.plans.some((plan) => plans.includes(plan));
  const shutOut = consumers
    .filter((consumer) => !consumer.suspended && opens(live.plans, consumer) && !opens(revision.plans, consumer))
    .map(({ name }) => name)
    .sort();
  if (shutOut.length === 0) return [];
  const closed = live.plans.filter((plan) => !revision.plans.includes(plan));
  const by =
    closed.length === 0
      ? `only ${word(revision.plans)} ${listed(revision.plans)} ${verb(revision.plans)} it now`
      : `${word(closed)} ${listed(closed)} no longer ${verb(closed)} it`;
  return [
    {
      id: 'gateway-plan-closed',
      level: 'error',
      message: `Api \`${live.name}\` is closed to ${listed(shutOut)}: ${by}`,
      hint: 'Move these consumers to a plan that opens it, or keep the plan.',
      concerns: { consumers: shutOut },
      field: ['spec', 'plans'],
    },
  ];
}

const word = (names: readonly string[]) => (names.length === 1 ? 'plan' : 'plans');
const verb = (names: readonly string[]) => (names.length === 1 ? 'opens' : 'open');

const SHOWN = 3;
/** `a`, `b` and 4 more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => `\`${name}\``);
  if (names.length > SHOWN) return `${shown.join(', ')} and ${names.length - SHOWN} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`;
}
