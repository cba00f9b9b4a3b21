import type { FolderRule, RuleOpinion, SpectralSaying } from '@gitway/compiler';
import type { Location } from '@gitway/contracts';
import { appliesText } from '@gitway/guardrails';
import { clean } from '../render/text.ts';

/** The page of a rule that a folder brings along, as those of Gitway's own. */
export function folderPage(rule: FolderRule): string {
  const { id, usual, severity, message, description, documentationUrl, where, guardrail, spectral } = rule;
  const of =
    spectral === undefined
      ? `A guardrail${where.object === undefined ? '' : ` of ${clean(where.object)}`}.`
      : `\`${clean(spectral.name)}\` of the Spectral ruleset ${clean(spectral.ruleset)}.`;
  const lines = [
    `# ${clean(id)}`,
    '',
    `Severity: ${severity}${severity === usual ? '' : `; ${usual} of itself`}. ${of}`,
    '',
    `**Where.** ${placeOf(where)}`,
    '',
    ...(description === undefined ? [] : [`**What.** ${sentence(description)}`, '']),
    ...(message === undefined ? [] : [`**Says.** ${sentence(message)}`, '']),
    ...(guardrail?.hint === undefined ? [] : [`**What to do.** ${sentence(guardrail.hint)}`, '']),
    ...(documentationUrl === undefined ? [] : [`**More.** ${clean(documentationUrl)}`, '']),
  ];
  if (guardrail !== undefined) {
    const at = guardrail.field === undefined ? '' : ` It points at \`${clean(guardrail.field)}\`.`;
    lines.push(`Looks at ${appliesText(guardrail)}.${at} True where all is well:`, '');
    lines.push(...block('cel', guardrail.expression));
  }
  if (spectral !== undefined) {
    lines.push('Looks at:', '', ...spectral.given.map((path) => `- \`${clean(path)}\``), '', 'Then:', '');
    lines.push(...block('json', JSON.stringify(spectral.checks, null, 2)));
    lines.push(...list('In the ruleset', spectral.said.map(saidOf)));
  }
  return `${[...lines, ...list('In RuleSets', rule.changed.map(opinionOf))].join('\n').trimEnd()}\n`;
}

/** What is said below the page of a rule of Gitway's own where a folder changes it. */
export const changesPart = (changes: readonly RuleOpinion[]): string =>
  changes.length === 0 ? '' : `\n${list('In RuleSets', changes.map(opinionOf)).join('\n').trimEnd()}\n`;

export const placeOf = ({ file, range }: Location): string =>
  clean([file, range?.line].filter((part) => part !== undefined).join(':'));

const sentence = (text: string) => clean(text.trim().replaceAll(/\s+/g, ' ')).replace(/([^.!?])$/, '$1.');
const block = (language: string, text: string) => [
  `\`\`\`${language}`,
  ...text.split('\n').map((line) => clean(line)),
  '```',
  '',
];
const list = (title: string, items: readonly string[]) =>
  items.length === 0 ? [] : [`## ${title}`, '', ...items.map((item) => `- ${item}`), ''];

const saidOf = ({ severity, where, files }: SpectralSaying) =>
  `${clean(severity)} at ${placeOf(where)}${files === undefined ? '' : `, for ${files.map(clean).join(', ')}`}`;

function opinionOf({ severity, by, where, trial, environments, lifecycle, visibility }: RuleOpinion): string {
  const scope = [
    ...(environments === undefined ? [] : [`in ${environments.join(', ')}`]),
    ...(lifecycle === undefined ? [] : [`for lifecycle ${lifecycle.join(', ')}`]),
    ...(visibility === undefined ? [] : [`for visibility ${visibility.join(', ')}`]),
    ...(trial ? ['on trial'] : []),
  ];
  return `${severity} by ${clean(by)} at ${placeOf(where)}${scope.map((each) => `, ${clean(each)}`).join('')}`;
}
