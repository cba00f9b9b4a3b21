import type { LintFinding, Rule } from './rule.ts';
import { declaredImports } from './rules/declared-imports.ts';
import { environmentInConfig } from './rules/environment-in-config.ts';
import { fileLength } from './rules/file-length.ts';
import { handlers } from './rules/handlers.ts';
import { layers } from './rules/layers.ts';
import { onlyThroughIndex } from './rules/only-through-index.ts';
import { pure } from './rules/pure.ts';
import { references } from './rules/references.ts';
import { readWorkspace, type Workspace } from './workspace.ts';

export const rules: readonly Rule[] = [
  declaredImports,
  onlyThroughIndex,
  layers,
  pure,
  environmentInConfig,
  fileLength,
  references,
  handlers,
];

export function lint(workspace: Workspace, chosen: readonly Rule[] = rules): LintFinding[] {
  return chosen
    .flatMap((rule) => rule.check(workspace).map((finding) => ({ rule: rule.id, ...finding })))
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

export function lintRepository(root: string): LintFinding[] {
  return lint(readWorkspace(root));
}

export function formatFinding(finding: LintFinding): string {
  return `${finding.file}:${finding.line}  ${finding.message}  (${finding.rule})`;
}
