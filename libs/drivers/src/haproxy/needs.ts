import type { AuthPolicy, Unit } from '@gitway/contracts';
import type { Needs, SnapshotUnit } from '../driver.ts';

/** Every secret and key set that the units refer to, each once and sorted. */
export function needs(units: readonly SnapshotUnit[], gateway: string): Needs {
  const found = units.map(({ unit }) => needsOf(unit, gateway));
  const all = (pick: (one: Needs) => readonly string[]) => [...new Set(found.flatMap(pick))].sort();
  return { secrets: all(({ secrets }) => secrets), keySets: all(({ keySets }) => keySets) };
}

const nothing: Needs = { secrets: [], keySets: [] };
const known = new WeakMap<Unit, Needs>();

function needsOf(unit: Unit, gateway: string): Needs {
  if (unit.kind !== 'api' && (unit.kind !== 'gateway' || unit.name !== gateway)) return nothing;
  let kept = known.get(unit);
  if (kept === undefined) {
    const policies = unit.kind === 'api' ? [unit.policy, ...Object.values(unit.policy.operations ?? {})] : [];
    kept = {
      secrets: [...secretsIn(unit)],
      keySets: policies.flatMap(({ auth }) => (auth === undefined ? [] : keySetsOf(auth))),
    };
    known.set(unit, kept);
  }
  return kept;
}

/** A reference is an object with `secret` alone, wherever it stands. */
function* secretsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  const members = Object.entries(value);
  if (members.length === 1 && members[0]?.[0] === 'secret' && typeof members[0][1] === 'string') yield members[0][1];
  else for (const [, member] of members) yield* secretsIn(member);
}

function keySetsOf(auth: AuthPolicy): string[] {
  if (auth.kind === 'anyOf' || auth.kind === 'allOf') return auth.methods.flatMap(keySetsOf);
  return auth.kind === 'jwt' && 'jwksUri' in auth.keys ? [auth.keys.jwksUri] : [];
}
