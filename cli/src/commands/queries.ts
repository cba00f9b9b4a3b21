import {
  commitViewSchema,
  deploymentViewSchema,
  incidentViewSchema,
  listOf,
  reportSchema,
  statusViewSchema,
  trafficViewSchema,
  type TrafficSample,
} from '@gitway/contracts';
import { renderFindings, withinOf } from '@gitway/compiler';
import { exitCodes } from '@gitway/errors';
import type { Command } from 'commander';
import { renderStatus } from '../render/status.ts';
import { table, type Cell } from '../render/table.ts';
import { ago, clean, firstLine, instantOf, plural, shortCommit, shortId } from '../render/text.ts';
import { clientOf, examples, globalsOf, numberArgument, paintOf, show, type Context } from './context.ts';
import { requireEnvironment, resolveRevision } from './resolve.ts';

export function addQueries(program: Command, context: Context): void {
  const { io } = context;

  program
    .command('status')
    .description('what is live in each environment, open incidents, sources')
    .addHelpText('after', examples('gitway status', 'gitway status --json | jq .environments'))
    .action(async (_: unknown, command: Command) => {
      const status = await clientOf(command, context).get('/api/status', statusViewSchema);
      show(command, context, status, () => renderStatus(status, io.now(), paintOf(command, context), io.width));
    });

  program
    .command('history')
    .argument('<environment>')
    .description('the deployments of an environment, newest first')
    .option('-n, --limit <n>', 'how many', numberArgument(1, 500), 20)
    .addHelpText('after', examples('gitway history production', 'gitway history staging -n 5'))
    .action(async (environment: string, options: { limit: number }, command: Command) => {
      const client = clientOf(command, context);
      const { items } = await client.get('/api/deployments', listOf(deploymentViewSchema), {
        environment,
        limit: options.limit,
      });
      if (items.length === 0) await requireEnvironment(client, environment);
      const paint = paintOf(command, context);
      show(command, context, { items }, () => {
        if (items.length === 0) return `No deployment of ${clean(environment)} yet.\n`;
        const rows = items.map((each): (string | Cell)[] => [
          shortId(each.deployment),
          shortCommit(each.commit),
          { text: each.state, style: each.state === 'live' ? 'good' : each.state === 'failed' ? 'bad' : 'dim' },
          each.cause,
          ago(each.createdAt, io.now()),
          each.verdict ?? '-',
          clean(each.author?.name ?? '-'),
          firstLine(each.message ?? each.detail),
        ]);
        const head = ['id', 'commit', 'state', 'cause', 'when', 'traffic', 'by', 'what'];
        return table(head, rows, { paint, width: io.width });
      });
    });

  program
    .command('incidents')
    .description('incidents, newest first')
    .option('--state <state>', 'open or resolved')
    .option('-n, --limit <n>', 'how many', numberArgument(1, 200), 20)
    .option('--timeline', 'with everything that happened in each')
    .addHelpText('after', examples('gitway incidents', 'gitway incidents --state open --timeline'))
    .action(async (options: { state?: string; limit: number; timeline?: boolean }, command: Command) => {
      const { items } = await clientOf(command, context).get('/api/incidents', listOf(incidentViewSchema), {
        state: options.state,
        limit: options.limit,
      });
      const paint = paintOf(command, context);
      show(command, context, { items }, () => {
        if (items.length === 0) return 'No incidents.\n';
        return items
          .map((incident) => {
            const style = incident.state === 'resolved' ? 'dim' : 'bad';
            const head = `${paint(style, `${incident.state} ${incident.severity}`)} ${incident.environment ?? 'platform'} ${ago(incident.openedAt, io.now())}: ${clean(incident.title)} (${shortId(incident.incident)})\n`;
            const entries = options.timeline === true ? incident.timeline : [];
            return (
              head +
              entries.map((entry) => `  ${paint('dim', instantOf(entry.at, io.now()))} ${clean(entry.text)}\n`).join('')
            );
          })
          .join('');
      });
    });

  program
    .command('traffic')
    .argument('<environment>')
    .description('calls per API and operation, errors and latency')
    .option('-m, --minutes <n>', 'how far back', numberArgument(1, 180), 15)
    .option('--operations', 'each operation as well')
    .addHelpText('after', examples('gitway traffic production', 'gitway traffic staging --minutes 60 --operations'))
    .action(async (environment: string, options: { minutes: number; operations?: boolean }, command: Command) => {
      const client = clientOf(command, context);
      const view = await client.get('/api/traffic', trafficViewSchema, { environment, minutes: options.minutes });
      if (view.apis.length === 0) await requireEnvironment(client, environment);
      const paint = paintOf(command, context);
      const row = (name: string, sample: TrafficSample): (string | Cell)[] => [
        name,
        String(sample.requests),
        { text: share(sample), ...(sample.errors > 0 && { style: 'bad' as const }) },
        ms(sample.p50Ms),
        ms(sample.p95Ms),
      ];
      show(command, context, view, () => {
        if (view.apis.length === 0) return `No calls in the last ${plural(options.minutes, 'minute')}.\n`;
        const rows = view.apis.flatMap((api) => [
          row(api.api, api),
          ...(options.operations === true
            ? api.operations.map((each) => row(`  ${clean(each.operation ?? '(undeclared)')}`, each))
            : []),
        ]);
        return table(['api', 'calls', 'errors', 'p50', 'p95'], rows, { paint, width: io.width });
      });
    });

  program
    .command('commits')
    .description('commits that were judged, newest first')
    .option('-n, --limit <n>', 'how many', numberArgument(1, 500), 20)
    .addHelpText('after', examples('gitway commits', 'gitway commits -n 3 --json'))
    .action(async (options: { limit: number }, command: Command) => {
      const { items } = await clientOf(command, context).get('/api/commits', listOf(commitViewSchema), options);
      const paint = paintOf(command, context);
      show(command, context, { items }, () => {
        const rows = items.map((each): (string | Cell)[] => [
          shortCommit(each.commit),
          { text: plural(each.counts.errors, 'error'), style: each.counts.errors > 0 ? 'bad' : 'good' },
          ago(each.validatedAt, io.now()),
          clean(each.author.name),
          firstLine(each.message),
        ]);
        return items.length === 0
          ? 'No commit yet.\n'
          : table(['commit', 'judged', 'when', 'by', 'what'], rows, { paint, width: io.width });
      });
    });

  program
    .command('report')
    .argument('<commit>', 'a commit, or the first digits of one; HEAD or a branch: its newest commit')
    .option('--source <name>', 'whose HEAD or branch, where there are several sources')
    .description('everything that was found in a commit; exit code 1 when it was refused')
    .addHelpText('after', examples('gitway report 3f2a91c', 'gitway report HEAD', 'gitway report main --source shop'))
    .action(async (given: string, options: { source?: string }, command: Command) => {
      const client = clientOf(command, context);
      const commit = await resolveRevision(client, given, options.source);
      const report = await client.get(`/api/commits/${commit}/report`, reportSchema);
      const color = globalsOf(command).color !== false && io.color;
      const { errors, warnings } = report.counts;
      const planned = report.environments.some(({ plan }) => plan !== undefined);
      const hint = planned ? `What it changes: gitway plan ${shortCommit(commit)} --as-judged\n` : '';
      show(command, context, report, () => {
        const environments = report.environments.map(({ name, findings: positions = [] }) => ({
          name,
          findings: positions.flatMap((position) => report.findings[position] ?? []),
        }));
        const text = renderFindings(report.findings, () => undefined, { color, within: withinOf(environments) });
        return `${text}${text === '' ? '' : '\n'}${shortCommit(commit)}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}\n${hint}`;
      });
      context.setExitCode(errors > 0 ? exitCodes.finding : exitCodes.ok);
    });
}

const ms = (value: number | null) => (value === null ? '-' : `${Math.round(value * 10) / 10} ms`);
const share = ({ requests, errors }: TrafficSample) =>
  requests === 0 ? '0' : `${errors} (${Math.round((1000 * errors) / requests) / 10} %)`;
