import type { Finding } from '@gitway/contracts';
import type { Guardrail } from '@gitway/guardrails';
import { collectFiles } from '../collect-files.ts';
import { orderFindings } from '../findings.ts';
import { noCache, nothingLasts } from '../memory-cache.ts';
import { ResourceIndex } from '../resource-index.ts';
import type { RuleLevels } from '../verdicts/rule-levels.ts';
import type { WorkspaceReader } from '../workspace.ts';
import { compileRuleSets } from './compile-rule-sets.ts';

/** The RuleSets of a workspace, without the rest of it. */
export interface WorkspaceRules {
  readonly ruleSets: readonly { readonly name: string; readonly trial: boolean }[];
  readonly guardrails: readonly Guardrail[];
  readonly levels: RuleLevels;
  readonly environments: readonly string[];
  /** What is wrong with RuleSets, and with files that may hold one. */
  readonly findings: readonly Finding[];
}

export async function readRules(reader: WorkspaceReader): Promise<WorkspaceRules> {
  const files = await collectFiles({
    reader,
    cache: noCache,
    lasting: nothingLasts,
    breathe: () => Promise.resolve(),
  });
  const index = new ResourceIndex(files.resources, files.broken);
  const { rules, levels, findings } = compileRuleSets(index, noCache);
  const about = [...files.findings, ...index.findings].filter(
    ({ where }) => where.object === undefined || where.object.startsWith('RuleSet/'),
  );
  return {
    ruleSets: index.all('RuleSet').map(({ resource }) => ({
      name: resource.name,
      trial: (resource.value.spec as { mode?: string }).mode === 'trial',
    })),
    guardrails: rules,
    levels,
    environments: index.all('Environment').map(({ resource }) => resource.name),
    findings: orderFindings([...about, ...findings]),
  };
}
