import type { Finding } from '@gitway/contracts';
import type { PolicyResource } from '@gitway/resources';
import type { FilledIn } from '../environment/fill-in.ts';
import { hasLabels } from '../environment/fill-in.ts';
import { finding } from '../findings.ts';
import { MAX_ALIKE, type EnvironmentCheck } from './check.ts';

interface Selecting {
  readonly filled: FilledIn;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly sets: readonly string[];
}

/** Two policies of equal priority select one API and say different things of one field: only their names decide. */
export const ambiguousPriority: EnvironmentCheck = {
  needsAll: false,
  run({ policies, apis }) {
    const selecting = policies.flatMap((filled): Selecting[] => {
      if (filled.spec === null) return [];
      const { selector, priority = 0, ...fields } = filled.spec as PolicyResource['spec'];
      return selector === undefined ? [] : [{ filled, labels: selector.labels, priority, sets: Object.keys(fields) }];
    });
    const findings: Finding[] = [];
    for (const [at, first] of selecting.entries()) {
      for (const second of selecting.slice(at + 1)) {
        if (first.priority !== second.priority || contradict(first.labels, second.labels)) continue;
        const field = second.sets.find(
          (name) => first.sets.includes(name) && differ(first.filled, second.filled, name),
        );
        if (field === undefined || findings.length >= MAX_ALIKE) continue;
        const both = { ...first.labels, ...second.labels };
        const api = apis.find(({ filled }) => hasLabels(filled.resource, both));
        if (api === undefined) continue;
        const [name, winner] = [first.filled.resource.name, second.filled.resource.name];
        findings.push({
          ...finding(
            'ambiguous-priority',
            'warning',
            second.filled.placeOf(['spec', field], 'key'),
            `Policies \`${name}\` and \`${winner}\` both set \`${field}\` for API \`${api.unit.name}\` with priority ${first.priority}; \`${winner}\` wins by its name alone.`,
            'Give one of them another `priority`, or let their selectors exclude each other.',
          ),
          related: [
            { where: first.filled.placeOf(['spec', field], 'key'), message: `\`${name}\` sets it here.` },
            { where: api.filled.placeOf(['metadata', 'name']), message: `\`${api.unit.name}\` is selected by both.` },
          ],
        });
      }
    }
    return findings;
  },
};

const contradict = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) =>
  Object.entries(a).some(([key, value]) => Object.hasOwn(b, key) && b[key] !== value);

const differ = (a: FilledIn, b: FilledIn, field: string) =>
  JSON.stringify(a.spec?.[field]) !== JSON.stringify(b.spec?.[field]);
