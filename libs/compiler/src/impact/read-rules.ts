import type { Finding } from '@gitway/contracts';
import { collectFiles } from '../collect-files.ts';
import { orderFindings } from '../findings.ts';
import { noCache, nothingLasts } from '../memory-cache.ts';
import { RemoteCopies, type RemoteFiles } from '../openapi/remote-files.ts';
import { ResourceIndex } from '../resource-index.ts';
import type { WorkspaceReader } from '../workspace.ts';
import { findingsOfRules, rulesInForce, type RulesInForce } from './rules-in-force.ts';

/** The RuleSets of a workspace, without the rest of it. */
export interface WorkspaceRules {
  readonly ruleSets: readonly { readonly name: string; readonly trial: boolean }[];
  readonly rules: RulesInForce;
  readonly environments: readonly string[];
  /** What is wrong with RuleSets, and with files that may hold one. */
  readonly findings: readonly Finding[];
}

export async function readRules(
  reader: WorkspaceReader,
  remote?: RemoteFiles,
  functions = false,
): Promise<WorkspaceRules> {
  const files = await collectFiles({
    reader,
    cache: noCache,
    lasting: nothingLasts,
    breathe: () => Promise.resolve(),
  });
  const index = new ResourceIndex(files.resources, files.broken);
  const rules = await rulesInForce(index, {
    entries: files.entries,
    reader,
    cache: noCache,
    remote: new RemoteCopies(remote),
    functions,
  });
  const about = [...files.findings, ...index.findings].filter(
    ({ where }) => where.object === undefined || where.object.startsWith('RuleSet/'),
  );
  return {
    ruleSets: index.all('RuleSet').map(({ resource }) => ({
      name: resource.name,
      trial: (resource.value.spec as { mode?: string }).mode === 'trial',
    })),
    rules,
    environments: index.all('Environment').map(({ resource }) => resource.name),
    findings: orderFindings([...about, ...findingsOfRules(rules)]),
  };
}
