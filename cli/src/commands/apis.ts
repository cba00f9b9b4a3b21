import { apiStateSchema, apiViewsSchema, catalogueViewSchema } from '@gitway/contracts';
import { type Command, Option } from 'commander';
import { renderApis } from '../render/apis.ts';
import { renderApi } from '../render/api.ts';
import { clientOf, examples, numberArgument, paintOf, show, type Context } from './context.ts';

interface ListOptions {
  environment?: string;
  lifecycle?: string;
  visibility?: string;
  state?: string;
  label?: string;
  limit: number;
  offset: number;
}

/** The catalogue: which APIs an environment has, and all about one of them. */
export function addApis(program: Command, context: Context): void {
  const { io } = context;

  program
    .command('apis')
    .argument('[search...]', 'words of a name, title, owner, label, path or operation id; all must be found')
    .description('the APIs of each environment: what is live, and what is newer and waits')
    .option('-e, --environment <name>', 'of one environment')
    .addOption(new Option('--lifecycle <lifecycle>').choices(['experimental', 'active', 'deprecated', 'retired']))
    .addOption(new Option('--visibility <visibility>').choices(['public', 'partner', 'internal']))
    .addOption(new Option('--state <state>').choices(apiStateSchema.options))
    .option('--label <labels>', 'as in team=pets,tier: all must hold')
    .option('-n, --limit <n>', 'how many', numberArgument(1, 200), 50)
    .option('--offset <n>', 'how many to leave out first', numberArgument(0, 1_000_000), 0)
    .addHelpText(
      'after',
      examples(
        'gitway apis',
        'gitway apis -e production "delete /pets"',
        'gitway apis --visibility public --label team=pets',
        'gitway apis --state newer-waits --json | jq .items[].name',
      ),
    )
    .action(async (words: string[], options: ListOptions, command: Command) => {
      const search = words.join(' ').trim();
      const query = { ...options, ...(search !== '' && { search }) };
      const view = await clientOf(command, context).get('/api/apis', catalogueViewSchema, query);
      show(command, context, view, () =>
        renderApis(view, query, { now: io.now(), paint: paintOf(command, context), width: io.width }),
      );
    });

  program
    .command('api')
    .argument('<name>')
    .description('all about one API: exposure, policies in force, plans, operations, what changed')
    .option('-e, --environment <name>', 'in one environment; when not given, in each that has it')
    .addHelpText('after', examples('gitway api petstore', 'gitway api petstore -e production --json'))
    .action(async (name: string, options: { environment?: string }, command: Command) => {
      const path = `/api/apis/${encodeURIComponent(name)}`;
      const views = await clientOf(command, context).get(path, apiViewsSchema, options);
      const look = { now: io.now(), paint: paintOf(command, context), width: io.width };
      show(command, context, views, () => views.items.map((view) => renderApi(view, look)).join('\n'));
    });
}
