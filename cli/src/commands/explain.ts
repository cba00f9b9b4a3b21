import { InvalidInputError } from '@gitway/errors';
import { suggest } from '@gitway/resources';
import type { Command } from 'commander';
import { allExplanations } from '../check/explanations.ts';
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
    .action(async (id: string | undefined, _: unknown, command: Command) => {
      const all = await allExplanations();
      if (id === undefined) {
        const items = all.map(({ id: name, severity, from, summary }) => ({ id: name, severity, from, summary }));
        show(command, context, { items }, () =>
          table(
            ['rule', 'severity', 'from', 'what'],
            items.map((item): (string | Cell)[] => [
              item.id,
              { text: item.severity, style: item.severity === 'error' ? 'bad' : 'warn' },
              item.from,
              item.summary,
            ]),
            { paint: paintOf(command, context), width: io.width },
          ),
        );
        return;
      }
      const found = all.find((each) => each.id === id);
      if (found === undefined) {
        const near = suggest(
          id,
          all.map((each) => each.id),
        );
        const hint = id.startsWith('spectral-')
          ? 'It is one of a Spectral ruleset in the repository: the finding names the file and links its documentation.'
          : near === undefined
            ? 'All of them: gitway explain. Those that a repository brings along are told by its RuleSets.'
            : `Did you mean ${near}?`;
        throw new InvalidInputError('unknown-rule', `There is no rule ${id.slice(0, 200)}. ${hint}`);
      }
      show(command, context, { from: found.from, ...found.rule }, () => found.page());
    });
}
