import type { Finding } from '@gitway/contracts';
import { locationOf } from '@gitway/resources';
import { finding } from '../findings.ts';
import { MAX_ALIKE, type WorkspaceCheck } from './check.ts';
import { referencesIn } from './references.ts';

/** A name that several resources of one kind bear: whoever refers to it is told where each of them lies. */
export const ambiguousReference: WorkspaceCheck = {
  needsAll: false,
  run({ index }) {
    if (!index.hasDuplicates) return [];
    const findings: Finding[] = [];
    for (const { from, path, kind, name } of referencesIn(index)) {
      const bearers = index.bearersOf(kind, name);
      if (bearers.length < 2 || findings.length >= MAX_ALIKE) continue;
      findings.push({
        ...finding(
          'ambiguous-reference',
          'error',
          locationOf(from.resource, path),
          `\`${name}\` could be any of ${bearers.length} resources of kind ${kind}.`,
          'Rename or delete all but one of them.',
        ),
        related: bearers.slice(0, 10).map(({ resource }) => ({
          where: locationOf(resource, ['metadata', 'name']),
          message: `A ${kind} \`${name}\` is here.`,
        })),
      });
    }
    return findings;
  },
};
