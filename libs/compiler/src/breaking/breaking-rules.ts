import type { Finding } from '@gitway/contracts';
import { breakingRules as engineRules } from '@gitway/breaking';
import { locationOf, suggestionHint, type BreakingRules, type Path, type RuleSetResource } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { finding } from '../findings.ts';
import type { ResourceIndex } from '../resource-index.ts';
import { gatewayChangeRules } from '../rules/breaking-rules.ts';

/** Ids of everything that can break callers. */
export const changeIds: ReadonlySet<string> = new Set([...engineRules, ...gatewayChangeRules].map(({ id }) => id));

/** What the RuleSets say of breaking changes, and what is wrong with that. */
export function breakingRulesOf(
  index: ResourceIndex,
  ruleSets: readonly Located[] = index.all('RuleSet'),
): {
  rules: BreakingRules[];
  /** Of RuleSets that are on trial. */
  trial: BreakingRules[];
  findings: Finding[];
} {
  const rules: BreakingRules[] = [];
  const trial: BreakingRules[] = [];
  const findings: Finding[] = [];
  for (const located of ruleSets) {
    const { breaking, mode } = located.resource.value.spec as RuleSetResource['spec'];
    if (breaking === undefined) continue;
    // On trial it takes no part: it could only let pass what is refused without it.
    (mode === 'trial' ? trial : rules).push(breaking);
    for (const part of ['policies', 'accept'] as const) {
      breaking[part]?.forEach((entry, number) => {
        const path = ['spec', 'breaking', part, number];
        findings.push(...unknownRules(entry.rules, located, [...path, 'rules']));
        findings.push(...unknownEnvironments(entry.environments, located, [...path, 'environments'], index));
      });
    }
  }
  return { rules, trial, findings };
}

function unknownRules(ids: readonly string[] | undefined, { resource }: Located, path: Path): Finding[] {
  return (ids ?? []).flatMap((id, number) => {
    if (changeIds.has(id)) return [];
    const message = `No breaking change is called \`${id}\`.`;
    const hint = suggestionHint(id, changeIds, 'There are');
    return [finding('breaking-rule-unknown', 'error', locationOf(resource, [...path, number]), message, hint)];
  });
}

function unknownEnvironments(
  names: readonly string[] | undefined,
  { resource }: Located,
  path: Path,
  index: ResourceIndex,
): Finding[] {
  return (names ?? []).flatMap(
    (name, number) => index.unknownReference('Environment', name, () => locationOf(resource, [...path, number])) ?? [],
  );
}
