import { commandAcceptedSchema, listOf, owners } from '@gitway/contracts';
import { InvalidInputError, NotFoundError } from '@gitway/errors';
import type { Command } from 'commander';
import { z } from 'zod';
import type { ConsoleClient } from '../client/console-client.ts';
import { table, type Cell } from '../render/table.ts';
import { ago, clean } from '../render/text.ts';
import { clientOf, examples, numberArgument, paintOf, show, type Context } from './context.ts';

const letterSchema = z.looseObject({
  sequence: z.int(),
  service: z.string(),
  event: z.looseObject({ id: z.string(), type: z.string() }),
  error: z.looseObject({ slug: z.string(), message: z.string() }),
  attempts: z.int(),
  at: z.string(),
});

const lettersOf = (client: ConsoleClient, limit: number) =>
  client.get('/api/dead-letters', listOf(letterSchema), { limit });

export function addDeadLetters(program: Command, context: Context): void {
  const { io } = context;
  const deadLetters = program
    .command('dead-letters')
    .description('messages that a service could not handle')
    .addHelpText('after', examples('gitway dead-letters', 'gitway dead-letters replay 17'));

  deadLetters
    .command('list', { isDefault: true })
    .description('what lies there, and why')
    .option('-n, --limit <n>', 'how many', numberArgument(1, 200), 50)
    .addHelpText('after', examples('gitway dead-letters list', 'gitway dead-letters list --json'))
    .action(async (options: { limit: number }, command: Command) => {
      const { items } = await lettersOf(clientOf(command, context), options.limit);
      const paint = paintOf(command, context);
      show(command, context, { items }, () => {
        if (items.length === 0) return 'No dead letters.\n';
        const rows = items.map((letter): (string | Cell)[] => [
          String(letter.sequence),
          clean(letter.service),
          clean(letter.event.type),
          String(letter.attempts),
          ago(letter.at, io.now()),
          { text: clean(letter.error.message), style: 'bad' },
        ]);
        return table(['seq', 'service', 'event', 'tries', 'when', 'why'], rows, { paint, width: io.width });
      });
    });

  deadLetters
    .command('replay')
    .argument('<sequence>', 'its number in the list', numberArgument(1, 999_999_999))
    .option('--service <name>', 'whose it is, for one that the list no longer shows')
    .description('have its service handle one again')
    .addHelpText(
      'after',
      examples('gitway dead-letters replay 17', 'gitway dead-letters replay 17 --service validator'),
    )
    .action(async (sequence: number, options: { service?: string }, command: Command) => {
      const client = clientOf(command, context);
      const service =
        options.service ?? (await lettersOf(client, 200)).items.find((each) => each.sequence === sequence)?.service;
      if (service === undefined) throw new NotFoundError('unknown-dead-letter', `There is no dead letter ${sequence}.`);
      if (!(owners as readonly string[]).includes(service)) {
        throw new InvalidInputError('bad-service', `--service must be one of ${owners.join(', ')}.`);
      }
      const path = `/api/dead-letters/${sequence}/replay`;
      const accepted = await client.post(path, commandAcceptedSchema, { service });
      show(command, context, accepted, () => `Asked ${clean(service)} to handle ${sequence} again.\n`);
    });
}
