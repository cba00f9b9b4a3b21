import { commandAcceptedSchema, environmentViewSchema, listOf, type CommandAccepted } from '@gitway/contracts';
import { exitCodes, TransientError } from '@gitway/errors';
import { Option, type Command } from 'commander';
import type { ConsoleClient } from '../client/console-client.ts';
import { followFacts } from '../client/follow-facts.ts';
import { outcomeOf, type Awaited, type Outcome } from '../client/outcome.ts';
import { factLine } from '../render/facts.ts';
import { clean, shortCommit } from '../render/text.ts';
import { clientOf, durationArgument, examples, globalsOf, paintOf, show, type Context } from './context.ts';
import { resolveCommit, resolveDeployment } from './resolve.ts';

interface WaitOptions {
  wait: boolean;
  timeout: number;
  reason: string;
}

/** What is asked, before it is accepted. */
type Wanted = Pick<Awaited, 'action' | 'environment' | 'commit' | 'deployment'>;

export function addCommands(program: Command, context: Context): void {
  const withWaiting = (command: Command) =>
    command
      .option('--no-wait', 'return as soon as the request is taken')
      .addOption(
        new Option('--timeout <duration>', 'how long to wait for the outcome')
          .argParser(durationArgument)
          .default(120_000, '2m'),
      );

  withWaiting(program.command('deploy'))
    .argument('<environment>')
    .argument('<commit>', 'a commit that was found good, or the first digits of one')
    .requiredOption('-r, --reason <text>', 'why; it is kept in the audit')
    .description('bring a commit to an environment now, and wait until every gateway serves it')
    .addHelpText('after', examples('gitway deploy production 3f2a91c --reason "hotfix for checkout"'))
    .action(async (environment: string, given: string, options: WaitOptions, command: Command) => {
      const client = clientOf(command, context);
      const commit = await resolveCommit(client, given);
      const { items } = await client.get('/api/environments', listOf(environmentViewSchema));
      const now = items.find(({ name }) => name === environment);
      if (now?.live?.commit === commit && now.next === null && now.gateways.every(({ inSync }) => inSync)) {
        const outcome = { done: 'live', words: `${environment} serves ${shortCommit(commit)} already` } as const;
        show(command, context, { outcome }, () => `${outcome.words}\n`);
        return;
      }
      const path = `/api/environments/${encodeURIComponent(environment)}/deploy`;
      const accepted = await client.post(path, commandAcceptedSchema, { commit, reason: options.reason });
      await finish(
        client,
        accepted,
        { action: 'deploy', environment, commit, deployment: null },
        options,
        command,
        context,
      );
    });

  withWaiting(program.command('rollback'))
    .argument('<environment>')
    .option('--to <commit>', 'the commit to go back to; the last known good one when not given')
    .requiredOption('-r, --reason <text>', 'why; it is kept in the audit')
    .description('bring an environment back to an earlier commit, and pin it until Git has caught up')
    .addHelpText(
      'after',
      examples(
        'gitway rollback production --reason "checkout fails"',
        'gitway rollback staging --to 3f2a91c -r "bisecting"',
      ),
    )
    .action(async (environment: string, options: WaitOptions & { to?: string }, command: Command) => {
      const client = clientOf(command, context);
      const commit = options.to === undefined ? null : await resolveCommit(client, options.to);
      const path = `/api/environments/${encodeURIComponent(environment)}/rollback`;
      const body = { reason: options.reason, ...(commit !== null && { commit }) };
      const accepted = await client.post(path, commandAcceptedSchema, body);
      await finish(
        client,
        accepted,
        { action: 'rollback', environment, commit, deployment: null },
        options,
        command,
        context,
      );
    });

  withWaiting(program.command('approve'))
    .argument('<deployment>', 'its id (`gitway history <environment>`), or the first characters of it')
    .requiredOption('-r, --reason <text>', 'why; it is kept in the audit')
    .description('let a deployment through that waits for people')
    .addHelpText('after', examples('gitway approve 6f1f9d3c --reason "reviewed with the team"'))
    .action(async (given: string, options: WaitOptions, command: Command) => {
      const client = clientOf(command, context);
      const { deployment, environment, commit } = await resolveDeployment(client, given);
      const path = `/api/environments/${encodeURIComponent(environment)}/approve`;
      const accepted = await client.post(path, commandAcceptedSchema, { deployment, reason: options.reason });
      await finish(client, accepted, { action: 'approve', environment, commit, deployment }, options, command, context);
    });
}

async function finish(
  client: ConsoleClient,
  accepted: CommandAccepted,
  wanted: Wanted,
  options: WaitOptions,
  command: Command,
  context: Context,
): Promise<void> {
  if (!options.wait) {
    show(command, context, accepted, () => `Asked for. Follow it: gitway events --follow --since ${accepted.after}\n`);
    return;
  }
  const outcome = await awaitOutcome(client, accepted, wanted, options.timeout, command, context);
  const paint = paintOf(command, context);
  const good = outcome.done !== 'failed';
  show(
    command,
    context,
    { ...accepted, outcome },
    () => `${paint(good ? 'good' : 'bad', good ? '✔' : '✘')} ${outcome.words}\n`,
  );
  context.setExitCode(good ? exitCodes.ok : exitCodes.finding);
}

async function awaitOutcome(
  client: ConsoleClient,
  accepted: CommandAccepted,
  wanted: Wanted,
  timeoutMs: number,
  command: Command,
  context: Context,
): Promise<Outcome> {
  const { io } = context;
  const awaited: Awaited = { ...wanted, event: accepted.event, correlation: accepted.correlation };
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([deadline, io.interrupted]);
  const quiet = globalsOf(command).json === true;
  const look = { paint: paintOf(command, context), width: io.width, now: io.now() };
  const { environment } = wanted;
  for await (const { fact } of followFacts(client, { after: accepted.after, environment, signal })) {
    const ours = fact.correlationId === accepted.correlation;
    if (ours && !quiet) io.err(`${factLine(fact, look)}\n`);
    const outcome = outcomeOf(fact, awaited);
    if (outcome !== null) return outcome;
  }
  if (io.interrupted.aborted) throw new TransientError('interrupted', 'Stopped waiting; the request itself goes on.');
  throw new TransientError(
    'no-outcome',
    `Nothing was decided for ${clean(environment)} within ${timeoutMs / 1000} s. The request goes on: gitway status, or gitway events --since ${accepted.after}`,
  );
}
