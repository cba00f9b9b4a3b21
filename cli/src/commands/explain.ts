import { resolve } from 'node:path';
import { InvalidInputError } from '@gitway/errors';
import { suggest } from '@gitway/resources';
import type { Command } from 'commander';
import { withAllowances, type Allowances } from '../check/allowances.ts';
import { allExplanations, type Explanation } from '../check/explanations.ts';
import { changesPart, folderPage, placeOf } from '../explain/folder-page.ts';
import { holdsWorkspace } from '../explain/holds-workspace.ts';
import { rulesOfFolder, type RulesOfFolder } from '../explain/rules-of-folder.ts';
import { table, type Cell } from '../render/table.ts';
import { clean } from '../render/text.ts';
import { examples, paintOf, show, type Context } from './context.ts';

interface ExplainOptions extends Allowances {
  readonly dir?: string;
}

const help = `
Known are Gitway's rules, guardrails of the starter library, and what a working copy brings along: guardrails of its
RuleSets and rules of the Spectral rulesets that they name.
`;

export function addExplain(program: Command, context: Context): void {
  withAllowances(program.command('explain'))
    .argument('[rule]', 'the id of a rule; all of them when not given')
    .description('what a rule is for and what to do, and where it comes from')
    .option('--dir <folder>', 'a working copy whose rules are known too (the current folder, if it is one)')
    .addHelpText(
      'after',
      `${examples(
        'gitway explain',
        'gitway explain unknown-field',
        'gitway explain spectral-operation-tags --dir ./gateway',
        'gitway explain unknown-field --json',
      )}${help}`,
    )
    .action(async (id: string | undefined, options: ExplainOptions, command: Command) => {
      const folder = await folderOf(options, context);
      const all = [...(await allExplanations()), ...(folder?.rules.map(explanationOf) ?? [])];
      if (folder !== undefined && folder.errors > 0)
        context.io.err('Rules may be missing: gitway check says what is wrong.\n');
      if (id === undefined) showAll(all, command, context);
      else showOne(id, all, folder, command, context);
    });
}

async function folderOf({ dir, ...allowances }: ExplainOptions, { io }: Context): Promise<RulesOfFolder | undefined> {
  const folder = resolve(io.cwd, dir ?? '.');
  return dir !== undefined || (await holdsWorkspace(folder)) ? rulesOfFolder(folder, allowances) : undefined;
}

const explanationOf = (rule: RulesOfFolder['rules'][number]): Explanation => ({
  id: rule.id,
  severity: rule.severity,
  from: rule.from,
  summary: clean(rule.description ?? rule.message ?? placeOf(rule.where)).replaceAll(/\s+/g, ' '),
  page: () => folderPage(rule),
  rule,
});

function showAll(all: readonly Explanation[], command: Command, context: Context): void {
  const items = all.map(({ id, severity, from, summary }) => ({ id, severity, from, summary }));
  show(command, context, { items }, () =>
    table(
      ['rule', 'severity', 'from', 'what'],
      items.map((item): (string | Cell)[] => [
        clean(item.id),
        { text: item.severity, style: item.severity === 'error' ? 'bad' : item.severity === 'off' ? 'dim' : 'warn' },
        item.from,
        item.summary,
      ]),
      { paint: paintOf(command, context), width: context.io.width },
    ),
  );
}

function showOne(
  id: string,
  all: readonly Explanation[],
  folder: RulesOfFolder | undefined,
  command: Command,
  context: Context,
): void {
  const [found, ...others] = all.filter((each) => each.id === id);
  if (found === undefined) throw unknownRule(id, all, folder);
  const changes = 'changed' in found.rule ? [] : (folder?.changesOf(id) ?? []);
  const more = {
    ...(changes.length === 0 ? {} : { changed: changes }),
    ...(others.length === 0 ? {} : { others: others.map(({ rule }) => rule) }),
  };
  show(command, context, { from: found.from, ...found.rule, ...more }, () =>
    [`${found.page()}${changesPart(changes)}`, ...others.map((each) => each.page())].join('\n'),
  );
}

function unknownRule(id: string, all: readonly Explanation[], folder: RulesOfFolder | undefined): InvalidInputError {
  const near = suggest(
    id,
    all.map((each) => each.id),
  );
  const hint =
    near !== undefined
      ? `Did you mean ${near}?`
      : folder === undefined
        ? 'All of them: gitway explain. Those of a working copy are known with --dir.'
        : 'All of them: gitway explain.';
  return new InvalidInputError('unknown-rule', `There is no rule ${id.slice(0, 200)}. ${hint}`);
}
