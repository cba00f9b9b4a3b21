import type { Capability } from '../driver.ts';
import { nothingAtTheGateway, rowOf, unprovable } from './fields.ts';

/** What became of a case once a field was taken away from it. */
export type MutantOutcome = 'killed' | 'survived' | 'no-mutant' | 'refused';

/** Field → case → outcome. */
export type Mutants = ReadonlyMap<string, ReadonlyMap<string, MutantOutcome>>;

export interface FieldCoverage {
  /** `unproven`: the driver promises the field, and no case that runs on it fails without it. */
  readonly state: 'proven' | 'not promised' | 'nothing to do' | 'unprovable' | 'unproven';
  readonly claims: readonly { readonly case: string; readonly outcome: MutantOutcome }[];
}

export function coverageOf(field: string, capabilities: readonly Capability[], mutants: Mutants): FieldCoverage {
  const claims = [...(mutants.get(field) ?? [])].map(([id, outcome]) => ({ case: id, outcome }));
  const refused = capabilities.filter(({ support }) => support === 'no').map((row) => row.field);
  const state = claims.some(({ outcome }) => outcome === 'killed')
    ? 'proven'
    : rowOf(field, Object.keys(nothingAtTheGateway)) !== undefined
      ? 'nothing to do'
      : // Or it is never asked for without something that is refused.
        rowOf(field, refused) !== undefined ||
          rowOf(field.replace('policy.operations.', 'policy.'), refused) !== undefined ||
          (claims.length > 0 && claims.every(({ outcome }) => outcome === 'refused'))
        ? 'not promised'
        : unprovable[field] !== undefined
          ? 'unprovable'
          : 'unproven';
  return { state, claims };
}
