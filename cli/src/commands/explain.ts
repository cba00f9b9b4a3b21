import { rulePage, ruleOf, rules } from '@gitway/compiler';
import { NotFoundError } from '@gitway/errors';
import { suggest } from '@gitway/resources';
import type { Command } from 'commander';
import { table, type Cell } from '../render/table.ts';
import { examples, paintOf, show, type Context } from './context.ts';

export function addExplain(program: Command, context: Context): void {
  const { io } = context;
  program
    .command('explain')
    .argument('[rule]', 'the id of a rule; all of them when not given')
    .description('what a rule is for and what to do, with an example that it refuses and one that it lets pass')
    .addHelpText(
      'after',
      examples('gitway explain', 'gitway explain unknown-field', 'gitway explain unknown-field --json'),
    )
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
        throw new NotFoundError('unknown-rule', `There is no rule ${id.slice(0, 200)}. ${hint}`);
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
