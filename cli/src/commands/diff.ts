import { resolve } from 'node:path';
import type { ParityDifference } from '@gitway/compiler';
import { exitCodes } from '@gitway/errors';
import type { Command } from 'commander';
import { withAllowances, type Allowances } from '../check/allowances.ts';
import { diffEnvironments, type DiffAnswer } from '../diff/diff-environments.ts';
import type { Paint } from '../render/color.ts';
import { clean, plural } from '../render/text.ts';
import { fetchLive } from '../rules/live-units.ts';
import { clientOf, examples, paintOf, show, type Context } from './context.ts';

interface Options extends Allowances {
  readonly dir: string;
  readonly undeclared?: boolean;
  readonly live?: boolean;
}

const help = `
An environment may be named with a revision: production@origin/main is production as that branch of the folder's
repository has it. Both sides are compiled here and no platform is asked, but with --live: what runs is then asked of the
console, and the folder (or revision) only says what was declared.

Exit codes: 0 nothing differs but what somebody declared (by a patch, a variable or in an Environment), 1 something
does, 2 wrong arguments, an environment that would be refused, or one of which nothing is live; 4 the console is not
reachable.
`;

/** What differs between two environments, and who said that it is to. */
export function addDiff(program: Command, context: Context): void {
  withAllowances(program.command('diff'))
    .argument('<environment>', 'an environment, as in staging, or staging@origin/main')
    .argument('<other>', 'another one')
    .description('what differs between two environments, and what makes it differ')
    .option('--dir <folder>', 'a working copy of a repository', '.')
    .option('--live', 'compare what runs, as every gateway was read back to serve')
    .option('--undeclared', 'show only what nobody declared')
    .addHelpText(
      'after',
      `${examples(
        'gitway diff staging production',
        'gitway diff staging@origin/develop production@origin/main --undeclared',
        'gitway diff staging production --live --dir ./gateway --json',
      )}${help}`,
    )
    .action(async (environment: string, other: string, options: Options, command: Command) => {
      const { io } = context;
      const client = options.live === true ? clientOf(command, context) : undefined;
      const answer = await diffEnvironments({
        folder: resolve(io.cwd, options.dir),
        environments: [environment, other],
        signal: io.interrupted,
        allowances: options,
        now: io.now(),
        ...(client === undefined ? {} : { live: (name: string) => fetchLive(client, name) }),
      });
      const shown =
        options.undeclared === true
          ? { ...answer, differences: answer.differences.filter(({ declared }) => !declared) }
          : answer;
      show(command, context, shown, () => rendered(shown, answer, paintOf(command, context)));
      if (answer.undeclared > 0) context.setExitCode(exitCodes.finding);
    });
}

function rendered({ differences }: DiffAnswer, all: DiffAnswer, paint: Paint): string {
  const [a, b] = all.environments.map(clean) as [string, string];
  const blocks = new Map<string, string[]>();
  for (const difference of differences) {
    const lines = blocks.get(difference.unit) ?? [];
    blocks.set(difference.unit, lines);
    lines.push(...linesOf(difference, [a, b], paint));
  }
  const text = [...blocks].map(([unit, lines]) => `${paint('strong', clean(unit))}\n${lines.join('\n')}\n`).join('\n');
  const declared = all.differences.length - all.undeclared;
  const verdict =
    all.undeclared > 0
      ? paint('bad', `✘ ${plural(all.undeclared, 'difference')} that nobody declared`)
      : paint('good', '✔ nothing differs but what is declared');
  return `${text}${text === '' ? '' : '\n'}${verdict}  ${a}, ${b}  (${declared} declared)\n`;
}

function linesOf({ field, values, declared, by }: ParityDifference, names: [string, string], paint: Paint): string[] {
  const place = ({ where }: ParityDifference['by'][number]) =>
    clean([where.file, where.range?.line].filter((part) => part !== undefined).join(':'));
  const causes = by.map((cause) => `${clean(cause.what)} (${place(cause)})`).join(', ');
  const value = (number: 0 | 1) => (values[number] === null ? 'nothing' : clean(values[number]));
  const what =
    field === null
      ? `only in ${values[0] === null ? names[1] : names[0]}`
      : `${clean(field)}: ${value(0)} in ${names[0]}, ${value(1)} in ${names[1]}`;
  const why = declared
    ? `  by ${causes === '' ? 'what the environments declare' : causes}`
    : `${paint('bad', '  nobody declared it')}${causes === '' ? '' : `: ${causes}`}`;
  return [`  ${what}`, `  ${why}`];
}
