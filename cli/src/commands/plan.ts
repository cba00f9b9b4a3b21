import { resolve } from 'node:path';
import { exitCodes, InvalidInputError } from '@gitway/errors';
import { renderPlanMarkdown, renderPlanText } from '@gitway/plan';
import type { Command } from 'commander';
import { withAllowances, type Allowances } from '../check/allowances.ts';
import type { PlanAnswer } from '../plan/outcome.ts';
import { planCommit } from '../plan/plan-commit.ts';
import { planFolder } from '../plan/plan-folder.ts';
import type { Paint } from '../render/color.ts';
import { clean } from '../render/text.ts';
import { clientOf, examples, paintOf, show, type Context } from './context.ts';
import { resolveRevision } from './resolve.ts';

interface PlanOptions extends Allowances {
  readonly environment?: string;
  readonly source?: string;
  readonly dir?: string;
  readonly base?: string;
  readonly asJudged?: boolean;
  readonly markdown?: boolean;
  readonly detailedExitcode?: boolean;
}

const help = `
With --dir and --base both sides are compiled here and no platform is asked; --base is anything that git rev-parse takes.
Use of the last 7 days is known to the platform alone.

Exit codes: 0 there is a plan, whether it changes something or not; 1 it would be refused, or there is no such commit;
2 wrong arguments. With --detailed-exitcode 2 also says that there is a plan and it changes something.
`;

/** What a commit, or a folder, would change for callers and gateways. */
export function addPlan(program: Command, context: Context): void {
  withAllowances(program.command('plan'))
    .argument('[commit]', 'a commit, or the first digits of one; HEAD or a branch: its newest commit (HEAD)')
    .description(
      'what a commit changes for callers and gateways against what is live, or a folder against its Git base',
    )
    .option('-e, --environment <name>', 'in this environment only')
    .option('--source <name>', 'whose HEAD or branch, where there are several sources')
    .option('--as-judged', 'against what was live when the commit was judged, and not now')
    .option('--dir <folder>', 'plan the files of this folder, without a platform')
    .option('--base <revision>', 'what the folder is compared with: a branch, tag or commit of its repository (HEAD)')
    .option('--markdown', 'as the comment of a pull request, at most 60,000 characters')
    .option('--detailed-exitcode', 'exit code 2 where something changes')
    .addHelpText(
      'after',
      `${examples(
        'gitway plan HEAD',
        'gitway plan 3f2a91c -e production',
        'gitway plan --dir . --base origin/main --markdown',
        'gitway plan HEAD --json | jq .items[].plan.severity',
      )}${help}`,
    )
    .action(async (given: string | undefined, options: PlanOptions, command: Command) => {
      const answer = await answerOf(given, options, command, context);
      const paint = paintOf(command, context);
      show(command, context, answer, () => (options.markdown === true ? markdown(answer) : text(answer, paint)));
      const changes = answer.items.some(({ plan }) => plan !== null && plan.severity !== null);
      if (answer.items.some(({ refused }) => refused)) context.setExitCode(exitCodes.finding);
      else if (changes && options.detailedExitcode === true) context.setExitCode(exitCodes.usage);
    });
}

async function answerOf(
  given: string | undefined,
  options: PlanOptions,
  command: Command,
  context: Context,
): Promise<PlanAnswer> {
  const { io } = context;
  const { environment, dir, base, source, asJudged = false } = options;
  if (dir === undefined && base === undefined) {
    const client = clientOf(command, context);
    return planCommit(client, {
      commit: await resolveRevision(client, given ?? 'HEAD', source),
      environment,
      asJudged,
    });
  }
  if (given !== undefined || source !== undefined || asJudged) {
    const message =
      'A folder (--dir, --base) is planned without a platform: leave out the commit, --source and --as-judged.';
    throw new InvalidInputError('commit-and-folder', message);
  }
  const folder = resolve(io.cwd, dir ?? '.');
  const { interrupted: signal } = io;
  return planFolder({ folder, base: base ?? 'HEAD', environment, signal, allowances: options, now: io.now() });
}

function text({ items }: PlanAnswer, paint: Paint): string {
  if (items.length === 0) return 'No environment is concerned.\n';
  return items
    .map(({ environment, plan, why, refused }) =>
      plan === null
        ? `${paint('strong', clean(environment))}: ${paint(refused ? 'bad' : 'warn', `no plan: ${clean(why ?? '')}`)}\n`
        : renderPlanText(plan, { paint }),
    )
    .join('\n');
}

function markdown({ items }: PlanAnswer): string {
  const without = items.filter(({ plan }) => plan === null).slice(0, 20);
  // Names of environments are DNS labels; the words are ours but for a revision that the caller gave.
  const notes = without
    .map(({ environment, why }) => `No plan for \`${environment}\`: ${plain(why ?? '')}.\n`)
    .join('\n');
  const plans = renderPlanMarkdown(
    items.flatMap(({ plan }) => plan ?? []),
    60_000 - notes.length - 1,
  );
  return [plans, notes].filter((part) => part !== '').join('\n') || 'No environment is concerned.\n';
}

const plain = (words: string) =>
  clean(words)
    .replaceAll(/[^\p{L}\p{N} .,;:()/-]/gu, '')
    .slice(0, 300);
