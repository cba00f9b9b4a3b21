import type { GuardrailSpec } from './guardrail.ts';
import type { StarterRule } from './starter/starter-rule.ts';
import { starterRules } from './starter/index.ts';
import { functions, methods } from './language/environment.ts';
import { guardrailLimits } from './language/limits.ts';
import { sharedVariables, types } from './language/types.ts';

/** The page of a rule of the starter library, `docs/guardrails/<id>.md`. */
export function guardrailPage(rule: StarterRule): string {
  const { id, severity, rationale, hint, references = [], examples } = rule;
  return [
    keepAsWritten,
    '',
    `# ${id}`,
    '',
    `Severity: ${severity} unless a RuleSet says otherwise. Looks at: ${appliesText(rule)}.`,
    '',
    `**Why.** ${rationale}${references.length === 0 ? '' : ` (${references.join(', ')})`}`,
    '',
    `**What to do.** ${hint}`,
    '',
    'True where all is well:',
    '',
    '```cel',
    rule.expression,
    '```',
    '',
    'Says:',
    '',
    '```text',
    rule.message,
    '```',
    '',
    '## Fine',
    '',
    ...examples.pass.flatMap(shown),
    '## Found',
    '',
    ...examples.fail.flatMap(shown),
    '## Use it',
    '',
    '```yaml',
    'apiVersion: gitway.dev/v1',
    'kind: RuleSet',
    'metadata: { name: house-rules }',
    'spec:',
    '  guardrails:',
    `    - use: ${id}`,
    '```',
    '',
    keptAsWritten,
    '',
  ].join('\n');
}

/** What a guardrail looks at, in words. */
export function appliesText({ appliesTo }: Pick<GuardrailSpec, 'appliesTo'>): string {
  const { kind, lifecycle, visibility, environments } = appliesTo;
  const parts = [`every ${kind}`];
  if (visibility !== undefined) parts.push(`of visibility ${visibility.join(' or ')}`);
  if (lifecycle !== undefined) parts.push(`in lifecycle ${lifecycle.join(' or ')}`);
  if (environments !== undefined) parts.push(`in environment ${environments.join(' or ')}`);
  return parts.join(' ');
}

const shown = (example: unknown) => ['```json', JSON.stringify(example, null, 2), '```', ''];

/** File name → content of every page under `docs/guardrails/`. */
export function guardrailPages(): Map<string, string> {
  const pages = new Map(starterRules.map((rule) => [`${rule.id}.md`, guardrailPage(rule)]));
  pages.set('README.md', overview());
  return pages;
}

function overview(): string {
  const rows = starterRules.map(
    (rule) => `| [${rule.id}](${rule.id}.md) | ${rule.appliesTo.kind} | ${rule.severity} | ${rule.rationale} |`,
  );
  return [
    keepAsWritten,
    '',
    '# Guardrails',
    '',
    'Made from `libs/guardrails/src`; `gitway rules list` and `gitway rules explain <id>` show the same. A guardrail is',
    'an expression in [CEL](https://cel.dev) over the compiled configuration of an environment. It is true where all is',
    'well. None is in force until a RuleSet takes it in.',
    '',
    '## Before a rule refuses',
    '',
    'A RuleSet with `mode: trial` refuses nothing: what its rules find is an info, and what they would refuse is summed up',
    'for each environment ([rule-on-trial](../rules/rule-on-trial.md)). A commit that adds or changes a rule is told whom it',
    'would hit of what is live ([rule-set-impact](../rules/rule-set-impact.md)): “would reject 14 of 312 APIs that are live',
    'in production: …”; so is one that changes [anything else](../lint.md#before-a-rule-refuses) in a RuleSet.',
    '`gitway rules impact --environment production` asks the same of a working copy, and',
    '`gitway rules test` tries rules of your own on the examples beside them.',
    '',
    '## The starter library',
    '',
    '| rule | kind | severity | why |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '## What expressions see',
    '',
    'One variable holds the thing in question: `api`, `plan`, `consumer`, `gateway` or `environment`, after the kind that',
    'the rule applies to. Beside it there are:',
    '',
    ...Object.entries(sharedVariables).map(([name, type]) => `- \`${name}\`: \`${type}\``),
    '',
    'Names and types are declared: an unknown one is found before anything is evaluated, in `has(…)` too. An optional',
    'field may be absent; ask with `has(api.owner)`. Nothing is null.',
    '',
    ...Object.entries(types).flatMap(([type, fields]) => [
      `### ${type}`,
      '',
      '| field | type | |',
      '| --- | --- | --- |',
      ...Object.entries(fields).map(
        ([name, field]) =>
          `| ${name} | \`${field.type}\`${field.optional ? ', optional' : ''} | ${field.description} |`,
      ),
      '',
    ]),
    '## Functions',
    '',
    `Functions: ${[...functions].map((name) => `\`${name}\``).join(', ')}. Methods: ${[...methods].map((name) => `\`${name}\``).join(', ')}.`,
    '`matches` takes RE2 patterns, which never backtrack. `isIp`, `isLoopback`, `isLinkLocal` and `isPrivate` take a host;',
    'names are never looked up. Times are UTC.',
    '',
    '## Bounds',
    '',
    `An expression has at most ${guardrailLimits.maxExpressionLength} characters and ${guardrailLimits.maxAstNodes} nodes. One evaluation takes at most ${guardrailLimits.maxSteps} steps, all of`,
    `an environment ${guardrailLimits.maxTotalSteps}; strings that are made stay below ${guardrailLimits.maxStringLength} characters. Steps are counted, not timed, so`,
    'that the same input always gives the same findings. What goes beyond is the finding `guardrail-failed`.',
    '',
    keptAsWritten,
    '',
  ].join('\n');
}

/** Formatters would change expressions. */
const keepAsWritten = '<!-- prettier-ignore-start -->';
const keptAsWritten = '<!-- prettier-ignore-end -->';
