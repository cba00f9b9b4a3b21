import { canonicalJson, type ApiUnit, type AuthMethod, type AuthPolicy, type ConsumerEntry } from '@gitway/contracts';
import type { Path } from '@gitway/resources';
import type { Change } from './compare-documents.ts';
import { narrowed } from './narrowed.ts';

/** A change of what the gateway itself asks of callers, at a field of the Api. */
export type UnitChange = Omit<Change, 'where'> & { readonly field: Path };

/** What of a live API its callers no longer find at the gateway, although its document may be the same. */
export function unitChanges(live: ApiUnit, revision: ApiUnit, consumers: readonly ConsumerEntry[]): UnitChange[] {
  return [
    ...retired(live, revision),
    ...promises(live, revision),
    ...routes(live, revision),
    ...authentication(live, revision),
    ...closedPlans(live, revision, consumers),
    ...narrowed(live, revision),
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

const promised: readonly ApiUnit['lifecycle'][] = ['active', 'deprecated'];

/** What is weighed less from now on: the next change would break whom this one broke the promise to. */
function promises(live: ApiUnit, revision: ApiUnit): UnitChange[] {
  const change = (field: 'lifecycle' | 'visibility'): UnitChange => ({
    id: 'gateway-promise-lowered',
    level: 'error',
    message: `Api \`${live.name}\` was \`${live[field]}\` to its callers, and is \`${revision[field]}\` now`,
    hint: 'Callers rely on what they were promised: tell them first, or make a new API of that kind.',
    concerns: everybody,
    field: ['spec', field],
  });
  return [
    ...(promised.includes(live.lifecycle) && revision.lifecycle === 'experimental' ? [change('lifecycle')] : []),
    ...(live.visibility !== 'internal' && revision.visibility === 'internal' ? [change('visibility')] : []),
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
  const whole = authenticationOf(live.policy.auth, revision.policy.auth, `Api \`${live.name}\``);
  if (whole !== undefined) return [{ ...whole, concerns: everybody, field: ['spec', 'policy', 'auth'] }];
  return revision.operations.flatMap(({ id, method, path }) => {
    const own = revision.policy.operations?.[id]?.auth;
    const known = live.operations.find((operation) => operation.method === method && operation.path === path);
    if (known === undefined || own === undefined) return [];
    const before = live.policy.operations?.[known.id]?.auth ?? live.policy.auth;
    const change = authenticationOf(before, own, `\`${method} ${path}\` of Api \`${live.name}\``);
    if (change === undefined) return [];
    const field = ['spec', 'policy', 'operations', id, 'auth'];
    return [{ ...change, concerns: { operations: [{ method, path }] }, field }];
  });
}

/** Undefined where whoever was let in is let in still. */
function authenticationOf(
  before: AuthPolicy,
  after: AuthPolicy,
  what: string,
): Omit<UnitChange, 'concerns' | 'field'> | undefined {
  if (after.kind === 'none' || canonicalJson(before) === canonicalJson(after)) return undefined;
  if (before.kind === 'none') {
    return {
      id: 'gateway-authentication-added',
      level: 'error',
      message: `${what} let everybody in, and now asks callers who they are`,
      hint: 'Tell its callers first, give them credentials, and accept the change in a RuleSet.',
    };
  }
  const changed = (message: string) => ({
    id: 'gateway-authentication-changed',
    level: 'error' as const,
    message,
    hint: 'Take the old credentials as well until callers have changed over.',
  });
  const old = waysOf(before);
  const now = waysOf(after);
  if (old === undefined || now === undefined)
    return changed(`${what} asks its callers for another proof of who they are`);
  const lost = old.filter((way) => !now.some((other) => takes(other, way)));
  if (lost.length === 0) return undefined;
  const key = lost[0]!.kind === 'apiKey' ? lost[0]! : undefined;
  const other = now.find((way) => way.kind === 'apiKey');
  if (lost.length === 1 && key?.kind === 'apiKey' && other?.kind === 'apiKey')
    return changed(`${what} no longer takes a key ${keyPlacesLost(key, other).join(', nor ')}`);
  return changed(`${what} no longer lets in callers who show ${lost.map(({ kind }) => `\`${kind}\``).join(' or ')}`);
}

/** Ways in, of which one is enough; undefined where several are asked for together. */
function waysOf(auth: AuthPolicy): AuthMethod[] | undefined {
  if (auth.kind === 'none') return [];
  if (auth.kind === 'allOf') return undefined;
  return auth.kind === 'anyOf' ? [...auth.methods] : [auth];
}

/** Whether a way in still takes what callers of an older one send. What is not plainly the same is taken to be another. */
function takes(now: AuthMethod, before: AuthMethod): boolean {
  if (now.kind === 'apiKey' && before.kind === 'apiKey') return keyPlacesLost(before, now).length === 0;
  return canonicalJson(now) === canonicalJson(before);
}

type KeyAuth = Extract<AuthMethod, { kind: 'apiKey' }>;

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
