import type { Finding, SuppressedFinding } from '@gitway/contracts';
import { decodeText } from '@gitway/resources';
import type { CompiledWorkspace, WorkspaceReader } from '../workspace.ts';
import { secretsIn, withoutSecrets } from './hide-secrets.ts';
import { speaksOfSecret } from './secret-findings.ts';

/**
 * What other rules say quotes what stands in files, and so might repeat a secret. Where secrets were found their files
 * are read once more, so that nothing that is kept between compiles holds one.
 */
export async function withSecretsHidden(
  result: CompiledWorkspace,
  reader: WorkspaceReader,
): Promise<CompiledWorkspace> {
  const found = [...result.findings, ...result.suppressed].filter(speaksOfSecret);
  if (found.length === 0) return result;
  const secrets = new Set<string>();
  for (const path of new Set(found.map(({ where }) => where.file))) {
    const bytes = path === undefined ? undefined : await reader.read(path);
    const decoded = bytes === undefined ? undefined : decodeText(bytes);
    if (path === undefined || decoded === undefined || !('text' in decoded)) continue;
    for (const secret of secretsIn(path, decoded.text, found)) secrets.add(secret);
  }
  // The longest first: what is part of another secret goes with it.
  const all = [...secrets].sort((a, b) => b.length - a.length);
  const hide = <F extends Finding | SuppressedFinding>(findings: readonly F[]) =>
    findings.map((each) => withoutSecrets(each, all));
  return {
    ...result,
    findings: hide(result.findings),
    suppressed: hide(result.suppressed),
    heard: result.heard.map((each) => ({ ...each, message: withoutSecrets({ ...each, where: {} }, all).message })),
    environments: result.environments.map((environment) => ({
      ...environment,
      findings: hide(environment.findings),
      suppressed: hide(environment.suppressed),
    })),
  };
}
