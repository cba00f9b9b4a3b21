import { digestOfBytes, type Finding } from '@gitway/contracts';
import { locationOf, type Path, type Requirement, type RuleSetResource, type UpstreamRule } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import type { ResourceIndex } from '../resource-index.ts';

export interface Declared<T> {
  readonly rule: T;
  readonly ruleSet: Located;
  /** Where it stands in the RuleSet. */
  readonly path: Path;
  /** Whether its RuleSet is on trial: it is told, and decides nothing. */
  readonly trial: boolean;
}

/** What RuleSets ask of the checks. */
export interface CheckSettings {
  /** Equal ids are equal settings. */
  readonly id: string;
  readonly requirements: readonly Declared<Requirement>[];
  readonly upstreams: readonly Declared<UpstreamRule>[];
  /** What is wrong with them. */
  readonly findings: readonly Finding[];
}

export function checkSettings(
  index: ResourceIndex,
  ruleSets: readonly Located[] = index.all('RuleSet'),
): CheckSettings {
  const requirements: Declared<Requirement>[] = [];
  const upstreams: Declared<UpstreamRule>[] = [];
  const findings: Finding[] = [];
  const ids: string[] = [];
  for (const ruleSet of ruleSets) {
    const { require = [], upstreams: servers = [], mode } = ruleSet.resource.value.spec as RuleSetResource['spec'];
    const trial = mode === 'trial';
    const known = (kind: 'Environment' | 'Policy', names: readonly string[] | undefined, path: Path) => {
      (names ?? []).forEach((name, number) => {
        const place = () => locationOf(ruleSet.resource, [...path, number]);
        const unknown = index.unknownReference(kind, name, place);
        if (unknown !== undefined) findings.push(unknown);
      });
    };
    require.forEach((rule, number) => {
      const path = ['spec', 'require', number];
      requirements.push({ rule, ruleSet, path, trial });
      known('Environment', rule.environments, [...path, 'environments']);
      known('Policy', rule.policies, [...path, 'policies']);
    });
    servers.forEach((rule, number) => {
      const path = ['spec', 'upstreams', number];
      upstreams.push({ rule, ruleSet, path, trial });
      known('Environment', rule.environments, [...path, 'environments']);
    });
    if (require.length + servers.length > 0) ids.push(ruleSet.id);
  }
  return { id: digestOfBytes(ids.join('\n')), requirements, upstreams, findings };
}

export const holdsIn = ({ environments }: { environments?: readonly string[] | undefined }, environment: string) =>
  environments === undefined || environments.includes(environment);
