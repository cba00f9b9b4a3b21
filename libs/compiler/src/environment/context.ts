import { digestOfBytes, type Location } from '@gitway/contracts';
import type { BreakingRules, PlanResource, PolicyFields, PolicyResource } from '@gitway/resources';
import type { CheckSettings } from '../checks/settings.ts';
import type { CollectedFiles } from '../collect-files.ts';
import type { Guardrail } from '@gitway/guardrails';
import { compare } from '../findings.ts';
import type { DocumentReading } from '../openapi/document.ts';
import type { RemoteCopies } from '../openapi/remote-files.ts';
import type { LintSettings } from '../openapi/lint-settings.ts';
import type { PemFiles } from '../pem-files.ts';
import type { ResourceIndex } from '../resource-index.ts';
import type {
  CompileCache,
  DocumentReader,
  DriverCheck,
  LastingCache,
  StageRuns,
  WorkspaceReader,
} from '../workspace.ts';
import type { Verdicts } from '../verdicts/verdicts.ts';
import type { ConsumerShard } from './compile-consumers.ts';
import type { FilledIn } from './fill-in.ts';

/** What stays the same over one compile. */
export interface CompileContext {
  readonly entries: CollectedFiles['entries'];
  readonly reader: WorkspaceReader;
  readonly cache: CompileCache;
  readonly index: ResourceIndex;
  readonly drivers: Readonly<Record<string, DriverCheck>>;
  readonly lasting: LastingCache;
  readonly breathe: () => Promise<void>;
  /** Who does the heavy work. */
  readonly documentReader: DocumentReader;
  /** OpenAPI documents that were read in this compile, by id. */
  documents: ReadonlyMap<string, DocumentReading>;
  /** What was taken from other servers. */
  readonly remote: RemoteCopies;
  /** What documents are linted with. */
  readonly lint: LintSettings;
  /** Certificates and public keys in the repository. */
  readonly pems: PemFiles;
  /** Paths that some API names as its document. */
  readonly referenced: Set<string>;
  /** Rules of all RuleSets. */
  readonly rules: readonly Guardrail[];
  /** Where a RuleSet speaks of a rule, or brings it in. */
  readonly placeOfRule: (rule: string) => Location | undefined;
  /** What of the findings counts. */
  readonly verdicts: Verdicts;
  /** What RuleSets ask of the checks of the whole. */
  readonly settings: CheckSettings;
  /** What RuleSets say of breaking changes. */
  readonly breakingRules: readonly BreakingRules[];
  /** Only what RuleSets may make more or less of is asked for: what units alone say is asked elsewhere. */
  readonly hearing: boolean;
  readonly writtenByGitway: boolean;
  /** Shards of consumers by key: those that the lasting cache had, and those that were made in this compile. */
  readonly shards: { readonly taken: Map<string, ConsumerShard>; readonly made: Map<string, ConsumerShard> };
  /** How often each stage ran in this compile. */
  readonly runs: { -readonly [Stage in keyof StageRuns]: number };
  readonly now: Date | undefined;
}

export interface NamedPolicy {
  readonly id: string;
  readonly name: string;
  readonly policy: PolicyFields;
  readonly filled: FilledIn;
}

/** What one environment's APIs are compiled with. */
export interface EnvironmentContext extends CompileContext {
  readonly policies: ReadonlyMap<string, NamedPolicy>;
  /** Policies that every API gets, in the order of their merge. */
  readonly defaultPolicies: readonly NamedPolicy[];
  /** Policies with a selector, in the order of their merge. */
  readonly selectingPolicies: readonly (NamedPolicy & { labels: Readonly<Record<string, string>> })[];
  readonly openingPlans: readonly {
    name: string;
    names: ReadonlySet<string>;
    labels: Readonly<Record<string, string>> | undefined;
    /** For an API by its name, the operations that the plan opens; all where it is not there. */
    operations: Readonly<Record<string, readonly string[]>>;
    filled: FilledIn;
  }[];
  /** Names all that an API is compiled with besides itself and its document. */
  readonly id: string;
}

export function environmentContext(
  base: CompileContext,
  filled: { policies: readonly FilledIn[]; plans: readonly FilledIn[] },
): EnvironmentContext {
  const policies = new Map<string, NamedPolicy>();
  const ordered: { named: NamedPolicy; labels: Record<string, string> | undefined; all: boolean; priority: number }[] =
    [];
  for (const policyFilled of filled.policies) {
    const { id, resource, spec } = policyFilled;
    if (spec === null) continue;
    const { selector, priority = 0, default: all = false, ...policy } = spec as PolicyResource['spec'];
    const one = { id, name: resource.name, policy, filled: policyFilled };
    policies.set(resource.name, one);
    ordered.push({ named: one, labels: selector?.labels, all, priority });
  }
  ordered.sort((a, b) => a.priority - b.priority || compare(a.named.name, b.named.name));

  const openingPlans = filled.plans.flatMap((plan) => {
    const apis = (plan.spec as PlanResource['spec'] | null)?.apis;
    if (apis === undefined) return [];
    const { names, selector, operations = {} } = apis;
    const opened = new Set([...(names ?? []), ...Object.keys(operations)]);
    return [{ name: plan.resource.name, names: opened, labels: selector?.labels, operations, filled: plan }];
  });
  const named = (kind: 'Policy' | 'Plan') => [...base.index.all(kind).map(({ id }) => id), ...base.index.broken(kind)];
  const filledIds = [...filled.policies, ...filled.plans].map(({ id }) => id);
  const id = digestOfBytes(JSON.stringify([filledIds, named('Policy'), named('Plan'), base.pems.id, base.lint.key]));
  return {
    ...base,
    policies,
    defaultPolicies: ordered.flatMap((each) => (each.all ? [each.named] : [])),
    selectingPolicies: ordered.flatMap((each) =>
      each.labels === undefined ? [] : [{ ...each.named, labels: each.labels }],
    ),
    openingPlans,
    id,
  };
}
