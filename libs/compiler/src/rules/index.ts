import { breakingRules, comparedRules } from './breaking-rules.ts';
import { fileRules } from './file-rules.ts';
import { guardrailRules } from './guardrail-rules.ts';
import { openApiRules } from './openapi-rules.ts';
import { policyRules } from './policy-rules.ts';
import { resourceRules } from './resource-rules.ts';
import { rulesetRules } from './ruleset-rules.ts';
import { suppressionRules } from './suppression-rules.ts';
import type { Rule } from './rule.ts';
import { workspaceRules } from './workspace-rules.ts';

export type { Rule } from './rule.ts';

/** Every rule that a finding about a workspace alone can name. */
export const rules: readonly Rule[] = [
  ...fileRules,
  ...resourceRules,
  ...policyRules,
  ...workspaceRules,
  ...guardrailRules,
  ...suppressionRules,
  ...openApiRules,
  ...breakingRules,
  ...rulesetRules,
];

/** Rules of the comparison with what is live. */
export const liveRules: readonly Rule[] = comparedRules;

const byId = new Map([...rules, ...liveRules].map((rule) => [rule.id, rule]));

export const ruleOf = (id: string): Rule | undefined => byId.get(id);

/** The rule's page: `docs/rules/<id>.md`. */
export function rulePage(rule: Rule): string {
  const { id, severity, summary, why, fix, bad, good } = rule;
  const same = JSON.stringify(bad) === JSON.stringify(good);
  return [
    keepAsWritten,
    '',
    `# ${id}`,
    '',
    `Severity: ${severity}. ${summary}`,
    '',
    `**Why.** ${why}`,
    '',
    `**What to do.** ${fix}`,
    ...(same ? [] : ['', '## Refused or warned about', '', ...filesOf(bad), '', '## Fine', '', ...filesOf(good)]),
    '',
    keptAsWritten,
    '',
  ].join('\n');
}

/** File name → content of every page under `docs/rules/`. */
export function rulePages(): Map<string, string> {
  const pages = new Map([...rules, ...liveRules].map((rule) => [`${rule.id}.md`, rulePage(rule)]));
  const rowsOf = (some: readonly Rule[]) =>
    some.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.summary} |`);
  const table = ['| rule | severity | what it means |', '| --- | --- | --- |'];
  const head = [
    keepAsWritten,
    '',
    '# Rules',
    '',
    'Made from `libs/compiler/src/rules`; `gitway explain <rule>` prints a page.',
    '',
    ...table,
    ...rowsOf(rules),
    '',
    '## Changes against what is live',
    '',
    'The severity is the most that a change is; `docs/breaking.md` says what makes it less.',
    '',
    ...table,
    ...rowsOf(liveRules),
  ];
  pages.set('README.md', [...head, '', keptAsWritten, ''].join('\n'));
  return pages;
}

/** Formatters would mend the bad examples. */
const keepAsWritten = '<!-- prettier-ignore-start -->';
const keptAsWritten = '<!-- prettier-ignore-end -->';

function filesOf(files: Readonly<Record<string, string>>): string[] {
  const all = Object.entries(files);
  const shown = all
    .slice(0, 3)
    .flatMap(([path, content]) => [`\`${path}\``, '', '```yaml', abridge(content), '```', '']);
  return all.length > 3 ? [...shown, `… and ${all.length - 3} more files`] : shown.slice(0, -1);
}

function abridge(content: string): string {
  const lines = content.replaceAll('\u0000', '\\0').trimEnd().split('\n');
  return lines.length <= 40
    ? lines.join('\n')
    : [...lines.slice(0, 12), `# … ${lines.length - 12} more lines`].join('\n');
}
