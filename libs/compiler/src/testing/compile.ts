import type { Finding } from '@gitway/contracts';
import { compileWorkspace } from '../compile-workspace.ts';
import type { CompileOptions } from '../workspace.ts';
import { permissiveDrivers, smallWorkspace, workspaceOf } from './workspace.ts';

/** Compiles files laid over the small workspace; what one rule found. */
export async function foundBy(
  rule: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<CompileOptions> = {},
): Promise<Finding[]> {
  const workspace = workspaceOf({ ...smallWorkspace(), ...files });
  const { findings } = await compileWorkspace(workspace, { drivers: permissiveDrivers, ...options });
  return findings.filter((item) => item.rule === rule);
}

export const messagesOf = (findings: readonly Finding[]) => findings.map(({ message }) => message);
