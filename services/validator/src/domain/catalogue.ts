import { apiEntryOf, planEntryOf } from '@gitway/compiler';
import type { CatalogueEnvironment, Person, Snapshot, Unit } from '@gitway/contracts';
import type { Detected } from './judgement.ts';

interface Revision {
  readonly source: string;
  readonly ref: string;
  readonly commit: string;
  readonly at: Date;
}

/** `team=pets,tier` → team must be pets, tier must be there. */
export function labelsAsked(text: string | undefined): [key: string, value: string | null][] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [part, null] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });
}

export function stateView(row: (Revision & { snapshot: string }) | undefined): CatalogueEnvironment['live'] {
  if (row === undefined) return null;
  const { source, ref, commit, at, snapshot } = row;
  return { source, ref, commit, at: at.toISOString(), snapshot };
}

export function revisionView({
  source,
  ref,
  commit,
  at,
  author,
  message,
}: Revision & { author: Person; message: string }) {
  return { source, ref, commit, at: at.toISOString(), author, message };
}

export const apisOf = ({ units }: Snapshot) =>
  units.flatMap(({ kind, name, digest }) => (kind === 'api' ? [{ name, unit: digest }] : []));

/** What a commit that compiles for an environment makes of the catalogue's validated state. */
export function validatedMove(
  { source, ref, commit, author, message }: Detected,
  { snapshot, digest, units }: { snapshot: Snapshot; digest: string; units: ReadonlyMap<string, Unit> },
  at: Date,
) {
  return {
    environment: snapshot.environment,
    snapshot: digest,
    source,
    ref,
    commit,
    author,
    message,
    at,
    apis: apisOf(snapshot),
    plans: [...units.values()].flatMap((unit) => (unit.kind === 'plan' ? [planEntryOf(unit)] : [])),
    entryOf: (unit: string) => {
      const known = units.get(unit);
      return known?.kind === 'api' ? apiEntryOf(known, unit) : undefined;
    },
  };
}
