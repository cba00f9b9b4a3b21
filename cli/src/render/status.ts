import type { EnvironmentView, Standing, StatusView } from '@gitway/contracts';
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

function environments(status: StatusView, now: Date, paint: Paint, width: number): string {
  const { environments: all } = status;
  if (all === null) return `${paint('warn', 'environments: not known, the deployer does not answer')}\n`;
  if (all.length === 0) return 'No environment yet: push a repository that declares one.\n';
  const standings = new Map((status.standings ?? []).map((standing) => [standing.environment, standing]));
  const rows = all.map(({ name, live, gateways }): (string | Cell)[] => {
    const standing = standings.get(name);
    const inSync = gateways.filter((gateway) => gateway.inSync).length;
    return [
      { text: name, style: 'strong' },
      live === null ? { text: 'nothing', style: 'dim' } : shortCommit(live.commit),
      live === null ? '-' : ago(live.since, now),
      standing?.cause ?? '-',
      { text: `${inSync}/${gateways.length} in sync`, style: inSync === gateways.length ? 'good' : 'bad' },
      standingCell(standing),
    ];
  });
  const head = ['environment', 'live', 'since', 'by', 'gateways', 'git'];
  const notes = all.flatMap((environment) => notesOf(environment, standings.get(environment.name), now, paint));
  return table(head, rows, { paint, width }) + notes.map((note) => `  ${note}\n`).join('');
}

const heldBackBy: Readonly<Record<NonNullable<Standing['why']>, string>> = {
  refused: 'refused',
  judging: 'being judged',
  'not-declared': 'without it',
  waiting: 'waiting',
  'awaiting-approval': 'awaiting approval',
  deploying: 'deploying',
  failed: 'failed',
  pinned: 'pinned',
  'held-by-command': 'held by command',
  superseded: 'superseded',
};

function standingCell(standing: Standing | undefined): Cell {
  if (standing === undefined || standing.head === null) return { text: 'not known', style: 'dim' };
  const { state, why, head } = standing;
  if (state === 'in-step') return { text: 'in step', style: 'good' };
  const words = why === null ? '' : ` (${heldBackBy[why]})`;
  const isBad = why === 'refused' || why === 'failed';
  return { text: `behind: head ${shortCommit(head.commit)}${words}`, style: isBad ? 'bad' : 'warn' };
}

/** What does not fit into a column: the pin, what comes next, why the head is not live, what gateways complain about. */
function notesOf(
  { name, pin, next, gateways }: EnvironmentView,
  standing: Standing | undefined,
  now: Date,
  paint: Paint,
): string[] {
  const notes: string[] = [];
  if (pin !== null) {
    const what = `pinned ${ago(pin.since, now)}, skips ${shortCommit(pin.badCommit)}`;
    notes.push(`${paint('warn', `${name} ${what}`)}: ${firstLine(pin.reason)}`);
  }
  if (next !== null) {
    const who = next.author === null ? '' : ` by ${clean(next.author.name)}`;
    notes.push(`${name} next: ${shortCommit(next.commit)}${who}, ${next.state}: ${clean(next.detail)}`);
  }
  const isSaid = standing?.why === 'pinned' || (next !== null && next.commit === standing?.head?.commit);
  if (standing !== undefined && !isSaid && standing.detail !== '') {
    const { head } = standing;
    const what = head === null ? 'against Git' : `head ${shortCommit(head.commit)}`;
    notes.push(`${name} ${what}: ${clean(standing.detail)}`);
  }
  for (const gateway of gateways) {
    for (const { unit, message } of gateway.problems.slice(0, 5)) {
      notes.push(`${paint('bad', `${name}/${gateway.name}`)} ${clean(`${unit ?? ''} ${message}`.trim())}`);
    }
    for (const field of gateway.drift.slice(0, 5)) {
      notes.push(`${paint('warn', `${name}/${gateway.name} drifted`)} ${clean(field.path)}`);
    }
  }
  return notes;
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
    clean(source.repository),
  ]);
  const failures = all.flatMap(({ name, failure }) =>
    failure === null ? [] : [`  ${paint('bad', name)}: ${clean(failure)}\n`],
  );
  return table(['source', 'state', 'looked', 'repository'], rows, { paint, width }) + failures.join('');
}

function services({ services: all }: StatusView, paint: Paint): string {
  return all
    .filter((service) => service.state !== 'ready')
    .map((service) => `${paint('bad', `${service.name} is ${service.state}`)}: ${clean(service.detail ?? '')}\n`)
    .join('');
}
