import type { EnvironmentView, StatusView } from '@gitway/contracts';
import type { Paint } from './color.ts';
import { table, type Cell } from './table.ts';
import { ago, clean, firstLine, shortCommit } from './text.ts';

/** Everything at a glance, for a person. */
export function renderStatus(status: StatusView, now: Date, paint: Paint, width: number): string {
  return [
    environments(status, now, paint, width),
    incidents(status, now, paint, width),
    sources(status, now, paint, width),
    services(status, paint),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function environments({ environments: all }: StatusView, now: Date, paint: Paint, width: number): string {
  if (all === null) return `${paint('warn', 'environments: not known, the deployer does not answer')}\n`;
  if (all.length === 0) return 'No environment yet: push a repository that declares one.\n';
  const rows = all.map((environment): (string | Cell)[] => {
    const { live, gateways } = environment;
    const inSync = gateways.filter((gateway) => gateway.inSync).length;
    return [
      { text: environment.name, style: 'strong' },
      live === null ? { text: 'nothing', style: 'dim' } : shortCommit(live.commit),
      ago(live?.since ?? null, now),
      { text: `${inSync}/${gateways.length} in sync`, style: inSync === gateways.length ? 'good' : 'bad' },
      noteOf(environment, now),
    ];
  });
  let text = table(['environment', 'live', 'since', 'gateways', 'next'], rows, { paint, width });
  for (const environment of all) {
    for (const gateway of environment.gateways) {
      for (const problem of gateway.problems.slice(0, 5)) {
        text += `  ${paint('bad', `${environment.name}/${gateway.name}`)} ${clean(`${problem.unit ?? ''} ${problem.message}`.trim())}\n`;
      }
      for (const field of gateway.drift.slice(0, 5)) {
        text += `  ${paint('warn', `${environment.name}/${gateway.name} drifted`)} ${clean(field.path)}\n`;
      }
    }
  }
  return text;
}

function noteOf(environment: EnvironmentView, now: Date): Cell {
  const { next, pin } = environment;
  if (pin !== null) {
    return {
      text: `pinned ${ago(pin.since, now)}, skips ${shortCommit(pin.badCommit)}: ${firstLine(pin.reason)}`,
      style: 'warn',
    };
  }
  if (next === null) return { text: '-', style: 'dim' };
  const who = next.author === null ? '' : ` by ${clean(next.author.name)}`;
  return { text: `${shortCommit(next.commit)}${who} ${next.state}: ${clean(next.detail)}` };
}

function incidents({ incidents: all }: StatusView, now: Date, paint: Paint, width: number): string {
  if (all === null) return `${paint('warn', 'incidents: not known, the notifier does not answer')}\n`;
  if (all.length === 0) return `${paint('good', 'No open incident.')}\n`;
  const rows = all.map((incident): (string | Cell)[] => [
    { text: incident.severity, style: incident.severity === 'minor' ? 'warn' : 'bad' },
    incident.environment ?? 'platform',
    ago(incident.openedAt, now),
    clean(incident.title),
  ]);
  return table(['incident', 'environment', 'opened', 'what'], rows, { paint, width });
}

function sources({ sources: all }: StatusView, now: Date, paint: Paint, width: number): string {
  if (all === null) return `${paint('warn', 'sources: not known, git-watcher does not answer')}\n`;
  if (all.length === 0) return '';
  const rows = all.map((source): (string | Cell)[] => [
    source.name,
    { text: source.state, style: source.state === 'failing' ? 'bad' : 'good' },
    ago(source.lastPolledAt, now),
    clean(source.failure ?? source.repository),
  ]);
  return table(['source', 'state', 'looked', 'repository'], rows, { paint, width });
}

function services({ services: all }: StatusView, paint: Paint): string {
  return all
    .filter((service) => service.state !== 'ready')
    .map((service) => `${paint('bad', `${service.name} is ${service.state}`)}: ${clean(service.detail ?? '')}\n`)
    .join('');
}
