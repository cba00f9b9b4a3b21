import { Command, Option } from 'commander';
import { addApis } from './commands/apis.ts';
import { addCheck } from './commands/check.ts';
import { addCommands } from './commands/commands.ts';
import { addCompletion } from './commands/completion.ts';
import { durationArgument, examples, type Context } from './commands/context.ts';
import { addDiff } from './commands/diff.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addExplain } from './commands/explain.ts';
import { addEvents } from './commands/events.ts';
import { addPlan } from './commands/plan.ts';
import { addQueries } from './commands/queries.ts';
import { addRules } from './commands/rules.ts';
import { addSchema } from './commands/schema.ts';
import type { Io } from './io.ts';

/** Every command, wired to the world that it is given. Throws CommanderError for wrong arguments and after help. */
export function buildProgram(io: Io, setExitCode: (code: number) => void): Command {
  const context: Context = { io, setExitCode };
  const program = new Command('gitway')
    .description('Gitway from the command line: what is live, what happened, and the few things a person may do')
    .option('--url <url>', 'where the console is (GITWAY_URL, or the platform that runs from this folder)')
    .option('--token <token>', 'who you are (GITWAY_TOKEN, or the platform that runs from this folder)')
    .option('--json', 'answer as JSON')
    .option('--no-color', 'without colours (also NO_COLOR=1)')
    .addOption(
      new Option('--request-timeout <duration>', 'how long one request may take')
        .argParser(durationArgument)
        .default(15_000, '15s'),
    )
    .addHelpText(
      'after',
      `${examples('gitway status', 'gitway check .', 'gitway events --follow', 'gitway rollback production --reason "checkout fails"')}
Exit codes: 0 good, 1 refused or failed, 2 wrong arguments or input, 3 a fault, 4 not reachable or no answer in time.
`,
    )
    .showSuggestionAfterError()
    .showHelpAfterError('(gitway <command> --help shows what it takes)');
  addQueries(program, context);
  addApis(program, context);
  addEvents(program, context);
  addCheck(program, context);
  addPlan(program, context);
  addExplain(program, context);
  addDiff(program, context);
  addRules(program, context);
  addSchema(program, context);
  addCommands(program, context);
  addDeadLetters(program, context);
  addCompletion(program, context);
  for (const command of all(program)) {
    command
      .exitOverride()
      .helpCommand(false)
      .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
  }
  return program;
}

function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap((child) => all(child))];
}
