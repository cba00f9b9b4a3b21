import { factPageSchema, type FactRecord } from '@gitway/contracts';
import { InvalidInputError, messageOf } from '@gitway/errors';
import type { Command } from 'commander';
import { followFacts } from '../client/follow-facts.ts';
import { factLine } from '../render/facts.ts';
import { clientOf, examples, globalsOf, numberArgument, paintOf, type Context } from './context.ts';
import { requireEnvironment } from './resolve.ts';

interface EventOptions {
  follow?: boolean;
  since?: string;
  environment?: string;
  fact?: string[];
  limit: number;
}

export function addEvents(program: Command, context: Context): void {
  const { io } = context;
  program
    .command('events')
    .description('what happened, oldest first; with --follow as it happens')
    .option('-f, --follow', 'go on until Ctrl-C; a broken line is opened again where it ended')
    .option('--since <id>', 'start after this event (the number that --json shows as "sequence"; 0: all that are kept)')
    .option('-e, --environment <name>', 'of this environment only')
    .option('--fact <name...>', 'of these only, as in deployed or rolled-back')
    .option('-n, --limit <n>', 'how many (without --follow)', numberArgument(1, 500), 50)
    .addHelpText(
      'after',
      examples(
        'gitway events',
        'gitway events --follow --environment production',
        'gitway events --follow --since 0 --fact deployed rolled-back --json',
      ),
    )
    .action(async (options: EventOptions, command: Command) => {
      const { since, environment } = options;
      if (since !== undefined && !/^\d{1,18}$/.test(since)) {
        throw new InvalidInputError('bad-since', '--since takes the number of an event, as --json shows it.');
      }
      const facts = options.fact?.flatMap((names) => names.split(',')).join(',');
      const client = clientOf(command, context);
      const paint = paintOf(command, context);
      const json = globalsOf(command).json === true;
      const print = (record: FactRecord) =>
        io.out(
          json
            ? `${JSON.stringify(record)}\n`
            : `${factLine(record.fact, { paint, width: io.width, now: io.now() })}\n`,
        );

      if (options.follow !== true) {
        const page = await client.get('/api/events/recent', factPageSchema, {
          after: since,
          limit: options.limit,
          facts,
          environment,
        });
        for (const record of page.items) print(record);
        if (page.items.length === 0 && environment !== undefined) await requireEnvironment(client, environment);
        if (page.items.length === 0 && !json) io.err('Nothing happened yet.\n');
        return;
      }
      if (environment !== undefined) {
        const seen = await client.get('/api/events/recent', factPageSchema, { limit: 1, environment });
        if (seen.items.length === 0) await requireEnvironment(client, environment);
      }
      const following = followFacts(client, {
        after: since ?? null,
        facts,
        environment,
        signal: io.interrupted,
        onGap: () => io.err('Some events before these are no longer kept.\n'),
        onInterruption: (error) => io.err(`The line broke (${messageOf(error)}); opening it again until it holds.\n`),
        onReconnection: () => io.err('Connected again.\n'),
      });
      for await (const record of following) print(record);
    });
}
