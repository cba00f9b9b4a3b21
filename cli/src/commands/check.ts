import { resolve } from 'node:path';
import { counted, renderers, type RenderOptions } from '@gitway/compiler';
import type { Severity } from '@gitway/contracts';
import { driverChecks } from '@gitway/drivers';
import { exitCodes, InvalidInputError } from '@gitway/errors';
import { Option, type Command } from 'commander';
import { againstArgument, baseFromGit, baseFromLive, type BaseOfCheck } from '../check/base-of-check.ts';
import { compileOptionsOf } from '../check/compile-means.ts';
import { FolderCheck, type FolderCheckOptions, type FolderCheckResult } from '../check/check-folder.ts';
import { folderUri, localRulePage, realPathOf, ruleUrlArgument, toolVersion } from '../check/options.ts';
import { withAllowances, type Allowances } from '../check/allowances.ts';
import { Targets } from '../check/targets.ts';
import { watchCheck } from '../check/watch-check.ts';
import { writeReport } from '../check/write-report.ts';
import { clean, timeOfDay } from '../render/text.ts';
import { clientOf, examples, globalsOf, numberArgument, paintOf, type Context } from './context.ts';

interface CheckOptions extends Allowances {
  readonly environment?: string;
  readonly severity: Severity;
  readonly strict?: boolean;
  readonly maxWarnings?: number;
  readonly prefix?: string;
  readonly ruleUrl?: (rule: string) => string;
  readonly watch?: boolean;
  readonly base?: string;
  readonly against?: 'live';
  readonly cache: boolean;
}

const formats = renderers.map(({ format }) => format);
const help = `
Formats:
${renderers.map(({ format, summary }) => `  ${format.padEnd(8)}${summary}`).join('\n')}
Several reports from one check: --format text --format sarif --output gitway.sarif.

Exit codes: 0 nothing that refuses, 1 it would be refused, 2 wrong arguments, folder or environment, 3 a fault of Gitway's.
Errors refuse; so do more warnings than --max-warnings allows. --severity changes what is shown, not the exit code.
`;

export function addCheck(program: Command, context: Context): void {
  const targets = new Targets();
  withAllowances(program.command('check'))
    .argument('[folder]', 'a working copy of a repository', '.')
    .description('compile a folder as Gitway would, without a platform: exit code 1 when it would be refused')
    .option('-e, --environment <name>', 'of this environment only')
    .option('-f, --format <name>', `${formats.join(', ')} (text); may be repeated`, (name) => targets.format(name))
    .option('-o, --output <file>', 'write the report to a file; may be repeated', (path) => targets.output(path))
    .addOption(
      new Option('--severity <least>', 'show findings from this severity on')
        .choices(['error', 'warning', 'info'])
        .default('info'),
    )
    .option('--max-warnings <n>', 'more warnings than this refuse', numberArgument(0, 999_999_999))
    .option('--strict', 'any warning refuses: --max-warnings 0')
    .option('--prefix <path>', 'where the folder lies in the repository, for the paths in reports of CI servers')
    .option('--rule-url <url>', 'where the pages of rules are, with {rule} for the id', ruleUrlArgument)
    .option('--base <revision>', 'look for breaking changes against a revision of this repository, as in main')
    .option('--against <what>', 'live: against what the platform runs now, weighed by who calls it', againstArgument)
    .option('--no-cache', 'compile everything anew, and keep nothing of it for the next time')
    .option('-w, --watch', 'check again when something changed, until Ctrl-C')
    .addHelpText(
      'after',
      `${examples(
        'gitway check .',
        'gitway check . --environment production --strict',
        'gitway check . --base origin/main',
        'gitway check . --against live',
        'gitway check . --watch',
        'gitway check . --allow-remote-ref schemas.example.com',
        'gitway check . --format text --format sarif --output gitway.sarif',
      )}${help}`,
    )
    .action((folder: string, options: CheckOptions, command: Command) =>
      runCheck(folder, options, targets, command, context),
    );
}

async function runCheck(
  folder: string,
  options: CheckOptions,
  chosen: Targets,
  command: Command,
  context: Context,
): Promise<void> {
  const { io } = context;
  const means = io.openMeans?.(options.cache, (sentence) => io.err(`${clean(sentence)}\n`));
  let base: BaseOfCheck | undefined;
  try {
    base = baseOf(resolve(io.cwd, folder), means, options, command, context);
    await runAgainst({ base, means }, folder, options, chosen, command, context);
  } finally {
    await base?.close();
    await means?.close();
  }
}

function baseOf(
  folder: string,
  compile: FolderCheckOptions['means'],
  options: CheckOptions,
  command: Command,
  context: Context,
): BaseOfCheck | undefined {
  const { io } = context;
  const { base, against } = options;
  if (base !== undefined && against !== undefined)
    throw new InvalidInputError('bad-against', '--base and --against cannot both be given.');
  const say = (sentence: string) => io.err(`${clean(sentence)}\n`);
  const given = compile === undefined ? {} : { compile: compileOptionsOf(compile) };
  const means = { folder, drivers: driverChecks, allowances: options, now: () => io.now(), say, ...given };
  if (against !== undefined) return baseFromLive(clientOf(command, context), means);
  return base === undefined ? undefined : baseFromGit(base, means);
}

async function runAgainst(
  against: Pick<FolderCheckOptions, 'base' | 'means'>,
  folder: string,
  options: CheckOptions,
  chosen: Targets,
  command: Command,
  context: Context,
): Promise<void> {
  const { io } = context;
  const targets = chosen.all(globalsOf(command).json === true ? 'json' : 'text').map(({ renderer, output }) => ({
    renderer,
    output: output === undefined ? undefined : realPathOf(io.cwd, output),
  }));
  const color = globalsOf(command).color !== false && io.color;
  const check = new FolderCheck(resolve(io.cwd, folder), {
    environment: options.environment,
    severity: options.severity,
    maxWarnings: options.maxWarnings ?? (options.strict === true ? 0 : Number.POSITIVE_INFINITY),
    leftOut: targets.flatMap(({ output }) => (output === undefined ? [] : [output])),
    signal: io.interrupted,
    allowances: options,
    ...against,
    now: () => io.now(),
  });

  const print = async ({ report, root }: FolderCheckResult) => {
    for (const { renderer, output } of targets) {
      const ruleUrl = options.ruleUrl ?? (renderer.format === 'lsp' ? localRulePage : undefined);
      const rendering: RenderOptions = {
        toolVersion,
        color: color && output === undefined,
        compact: options.watch === true && output === undefined,
        rootUri: folderUri(root),
        ...(options.prefix === undefined ? {} : { pathPrefix: options.prefix }),
        ...(ruleUrl === undefined ? {} : { ruleUrl }),
      };
      const text = renderer.render(report, rendering);
      if (output === undefined) io.out(text);
      else await writeReport(output, text);
    }
    if (targets.every(({ output }) => output !== undefined)) {
      const { errors, warnings } = report.counts;
      const tally = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
      io.err(`${report.refused ? '✘ refused' : '✔ good'}  (${tally})\n`);
    }
  };

  if (options.watch !== true) {
    const result = await check.runIfChanged();
    if (result === undefined) return;
    await print(result);
    context.setExitCode(result.report.refused ? exitCodes.finding : exitCodes.ok);
    return;
  }

  const paint = paintOf(command, context);
  const forPeople = targets.some(({ renderer, output }) => renderer.format === 'text' && output === undefined);
  const say = (text: string) => (forPeople ? io.out(text) : io.err(text));
  await watchCheck(
    check,
    io.interrupted,
    async (result) => {
      if (forPeople && io.terminal) io.out('\u001B[2J\u001B[3J\u001B[H');
      await print(result);
      const took = `${Math.max(1, Math.round(result.tookMs))} ms`;
      const when = timeOfDay(io.now().toISOString()).slice(0, 8);
      say(`${paint('dim', `checked in ${took} at ${when} UTC; waiting for changes, Ctrl-C ends`)}\n`);
    },
    (message) => say(`${paint('bad', clean(message))}\n`),
  );
  context.setExitCode(exitCodes.interrupted);
}
