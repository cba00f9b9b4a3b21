import { renderFindings, rulePage, ruleOf, rules } from '@gitway/compiler';
import { exitCodes, NotFoundError } from '@gitway/errors';
import { suggest } from '@gitway/resources';
import type { Command } from 'commander';
import { checkFolder } from '../check/check-folder.ts';
import { table, type Cell } from '../render/table.ts';
import { examples, globalsOf, paintOf, show, type Context } from './context.ts';

export function addCheck(program: Command, context: Context): void {
  const { io } = context;

  program
    .command('check')
    .argument('<folder>', 'a working copy of a repository')
    .description('compile a folder as Gitway would, without a platform: exit code 1 when it would be refused')
    .option('-e, --environment <name>', 'of this environment only')
    .option('--strict', 'warnings refuse as well')
    .addHelpText(
      'after',
      examples('gitway check .', 'gitway check . --environment production --strict', 'gitway check . --json'),
    )
    .action(async (folder: string, options: { environment?: string; strict?: boolean }, command: Command) => {
      const { sources, ...result } = await checkFolder(folder, options.environment);
      const { errors, warnings } = result.counts;
      const refused = errors > 0 || (options.strict === true && warnings > 0);
      const paint = paintOf(command, context);
      show(command, context, { ...result, refused }, () => {
        const color = globalsOf(command).color !== false && io.color;
        const found = renderFindings(result.findings, (path) => sources.get(path), { color });
        const names =
          result.environments.map(({ name, outcome }) => `${name}: ${outcome}`).join(', ') || 'no environment';
        const verdict = refused ? paint('bad', '✘ refused') : paint('good', '✔ good');
        return `${found}${found === '' ? '' : '\n'}${verdict}  ${names}  (${errors} errors, ${warnings} warnings)\n`;
      });
      context.setExitCode(refused ? exitCodes.finding : exitCodes.ok);
    });

  program
    .command('explain')
    .argument('[rule]', 'the id of a rule; all of them when not given')
    .description('what a rule is for and what to do')
    .addHelpText('after', examples('gitway explain', 'gitway explain unknown-field'))
    .action((id: string | undefined, _: unknown, command: Command) => {
      if (id === undefined) {
        show(
          command,
          context,
          { items: rules.map(({ id: name, severity, summary }) => ({ id: name, severity, summary })) },
          () =>
            table(
              ['rule', 'severity', 'what'],
              rules.map((rule): (string | Cell)[] => [
                rule.id,
                { text: rule.severity, style: rule.severity === 'error' ? 'bad' : 'warn' },
                rule.summary,
              ]),
              { paint: paintOf(command, context), width: io.width },
            ),
        );
        return;
      }
      const rule = ruleOf(id);
      if (rule === undefined) {
        const near = suggest(
          id,
          rules.map((each) => each.id),
        );
        const hint = near === undefined ? 'All of them: gitway explain.' : `Did you mean ${near}?`;
        throw new NotFoundError('unknown-rule', `There is no rule ${id}. ${hint}`);
      }
      show(
        command,
        context,
        rule,
        () =>
          `${rulePage(rule)
            .replaceAll(/<!--.*?-->\n*/g, '')
            .trim()}\n`,
      );
    });
}
