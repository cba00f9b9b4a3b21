import { resolve } from 'node:path';
import { renderFindings, testRules, type ExampleResult, type RuleTestResult } from '@gitway/compiler';
import { exitCodes, InvalidInputError } from '@gitway/errors';
import { guardrailKinds, guardrailPage, starterRuleOf, starterRules } from '@gitway/guardrails';
import { suggest } from '@gitway/resources';
import { Option, type Command } from 'commander';
import { FolderReader } from '../check/folder-reader.ts';
import type { Paint } from '../render/color.ts';
import { table, type Cell } from '../render/table.ts';
import { clean } from '../render/text.ts';
import { addRulesImpact } from './rules-impact.ts';
import { examples, globalsOf, paintOf, show, type Context } from './context.ts';

/** Guardrails: the starter library, and the tests of one's own. */
export function addRules(program: Command, context: Context): void {
  const { io } = context;
  const rules = program
    .command('rules')
    .description('guardrails: the starter library, tests of your own, and whom they would hit')
    .addHelpText(
      'after',
      examples(
        'gitway rules list',
        'gitway rules explain upstream-tls',
        'gitway rules test .',
        'gitway rules impact . --environment production',
      ),
    );
  addRulesImpact(rules, context);

  rules
    .command('list')
    .description('rules that a RuleSet can take in by `use`')
    .addOption(new Option('--kind <kind>', 'of one kind').choices([...guardrailKinds]))
    .addHelpText(
      'after',
      examples('gitway rules list', 'gitway rules list --kind Consumer', 'gitway rules list --json'),
    )
    .action((options: { kind?: string }, command: Command) => {
      const items = starterRules
        .filter(({ appliesTo }) => options.kind === undefined || appliesTo.kind === options.kind)
        .map(({ id, severity, appliesTo, rationale }) => ({ id, severity, kind: appliesTo.kind, rationale }));
      show(command, context, { items }, () =>
        table(
          ['rule', 'kind', 'severity', 'why'],
          items.map((item): (string | Cell)[] => [
            item.id,
            item.kind,
            { text: item.severity, style: item.severity === 'error' ? 'bad' : 'warn' },
            item.rationale,
          ]),
          { paint: paintOf(command, context), width: io.width },
        ),
      );
    });

  rules
    .command('explain')
    .argument('<id>', 'the id of a rule of the starter library')
    .description('what a rule looks at, why, and what to do, with examples')
    .addHelpText('after', examples('gitway rules explain upstream-tls', 'gitway rules explain upstream-tls --json'))
    .action((id: string, _: unknown, command: Command) => {
      const rule = starterRuleOf(id);
      if (rule === undefined) {
        const near = suggest(
          id,
          starterRules.map((each) => each.id),
        );
        const hint = near === undefined ? 'All of them: gitway rules list.' : `Did you mean ${near}?`;
        throw new InvalidInputError('unknown-rule', `There is no rule ${clean(id.slice(0, 200))}. ${hint}`);
      }
      const page = () =>
        `${guardrailPage(rule)
          .replaceAll(/<!--.*?-->\n*/g, '')
          .trim()}\n`;
      show(command, context, rule, page);
    });

  rules
    .command('test')
    .argument('[folder]', 'a working copy of a repository', '.')
    .description('try the rules of your own on the examples beside them: exit code 1 when one says something else')
    .addHelpText('after', examples('gitway rules test', 'gitway rules test ./gateway', 'gitway rules test . --json'))
    .action(async (folder: string, _: unknown, command: Command) => {
      const reader = await FolderReader.open(resolve(io.cwd, folder));
      await reader.list();
      const result = await testRules({
        list: () => Promise.resolve(reader.entries),
        read: (path) => reader.read(path),
      });
      if (result.ruleSets.length === 0 && result.findings.length === 0) {
        throw new InvalidInputError('no-rules', `${folder} has no resource of kind RuleSet.`);
      }
      const failed = result.examples.filter(({ ok }) => !ok).length;
      const good = failed === 0 && result.findings.every(({ severity }) => severity !== 'error');
      const sources = await sourcesOf(reader, result);
      show(command, context, { good, ...result }, () => {
        const color = globalsOf(command).color !== false && io.color;
        return rendered(result, renderFindings(result.findings, sources, { color }), good, paintOf(command, context));
      });
      context.setExitCode(good ? exitCodes.ok : exitCodes.finding);
    });
}

function rendered(result: RuleTestResult, findings: string, good: boolean, paint: Paint): string {
  const lines = result.examples.map((example) => line(example, paint));
  const held = result.examples.filter(({ ok }) => ok).length;
  if (findings !== '') lines.push(...(lines.length === 0 ? [] : ['']), findings);
  for (const id of result.untested) lines.push(`${paint('warn', '!')} ${clean(id)}: no example that it must find`);
  const verdict = good ? paint('good', '✔ good') : paint('bad', '✘ failed');
  lines.push(`${verdict}  (${held} of ${result.examples.length} examples hold)`);
  return `${lines.join('\n')}\n`;
}

function line({ rule, expected, number, where, ok, message }: ExampleResult, paint: Paint): string {
  const head = `${ok ? paint('good', '✔') : paint('bad', '✘')} ${clean(rule)} ${expected} ${number}`;
  if (ok) return head;
  const wanted = expected === 'pass' ? 'it should find nothing' : 'it should find something';
  const said = message === '' ? 'it finds nothing' : `it says: ${clean(message)}`;
  return `${head}  ${clean(where.file ?? '')}:${where.range?.line ?? 1}\n    ${wanted}; ${said}`;
}

async function sourcesOf(reader: FolderReader, { findings }: RuleTestResult) {
  const texts = new Map<string, string>();
  for (const { where } of findings) {
    if (where.file === undefined || texts.has(where.file)) continue;
    const bytes = await reader.read(where.file);
    if (bytes !== undefined) texts.set(where.file, new TextDecoder().decode(bytes));
  }
  return (path: string) => texts.get(path);
}
