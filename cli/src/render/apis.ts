import type { ApiState, ApiSummary, CatalogueEnvironment, CatalogueView } from '@gitway/contracts';
import type { Paint, Style } from './color.ts';
import { table, type Cell } from './table.ts';
import { ago, clean, shortCommit, shorten } from './text.ts';

export interface Look {
  readonly now: Date;
  readonly paint: Paint;
  readonly width: number;
}

interface Asked {
  readonly environment?: string;
  readonly search?: string;
}

export const stateStyle: Record<ApiState, Style> = {
  live: 'good',
  'newer-waits': 'warn',
  'not-live': 'dim',
  leaving: 'warn',
};

/** A page of the catalogue, the operations that a search hit, and how each environment stands. */
export function renderApis(view: CatalogueView, asked: Asked, look: Look): string {
  const { items, total, next, environments } = view;
  if (environments.length === 0) return nothingKnown(asked);
  const standing = environments.map((each) => standingOf(each, look)).join('');
  if (items.length === 0) {
    const where = asked.environment === undefined ? '' : ` in ${clean(asked.environment)}`;
    const what = asked.search === undefined ? 'No API like that' : `No API matches "${clean(asked.search)}"`;
    return `${total > 0 ? `No more than ${total} APIs` : `${what}${where}`}.\n\n${standing}`;
  }
  const { paint, width } = look;
  const more = next === null ? '' : `${paint('dim', `${items.length} of ${total}; more with --offset ${next}`)}\n`;
  return [apisTable(items, look), matchesTable(items, { paint, width }), more, standing]
    .filter((part) => part !== '')
    .join('\n');
}

function nothingKnown({ environment }: Asked): string {
  if (environment !== undefined) return `Nothing is known of an environment called ${clean(environment)}.\n`;
  return 'The catalogue is empty: no commit was found good yet. Push a repository that declares an environment and an API.\n';
}

function apisTable(items: readonly ApiSummary[], { now, paint, width }: Look): string {
  const rows = items.map((api): (string | Cell)[] => [
    { text: api.name, style: 'strong' },
    api.environment,
    { text: api.state, style: stateStyle[api.state] },
    shorten(clean(api.version), 16),
    api.lifecycle,
    api.visibility,
    String(api.operations),
    openedBy(api),
    ago(api.since.at, now),
    exposureOf(api.exposure),
  ]);
  const head = [
    'api',
    'environment',
    'state',
    'version',
    'lifecycle',
    'visibility',
    'ops',
    'open to',
    'since',
    'where',
  ];
  return table(head, rows, { paint, width });
}

function matchesTable(items: readonly ApiSummary[], options: { paint: Paint; width: number }): string {
  const rows = items.flatMap((api) =>
    api.matches.map((match): (string | Cell)[] => [
      api.name,
      api.environment,
      match.live ? { text: 'live', style: 'good' } : { text: 'not live', style: 'dim' },
      match.method,
      shorten(clean(match.path), 80),
      clean(match.id),
    ]),
  );
  if (rows.length === 0) return '';
  return table(['found in', 'environment', 'state', 'method', 'path', 'operation'], rows, options);
}

export function openedBy({ policy, plans }: Pick<ApiSummary, 'policy' | 'plans'>): string {
  if (plans.length > 0) return shorten(plans.join(', '), 24);
  return policy.auth === 'open to everybody' ? 'everybody' : 'any key';
}

export function exposureOf({ hosts, basePath }: ApiSummary['exposure']): string {
  if (hosts.length === 0) return `*${basePath}`;
  return hosts.map((host) => `${host}${basePath}`).join(' ');
}

function standingOf(environment: CatalogueEnvironment, { now, paint }: Look): string {
  const { name, live, validated, apis, operations, newer } = environment;
  const what =
    live === null
      ? 'nothing is live yet'
      : `${plural(apis, 'API')}, ${plural(operations, 'operation')} live at ${shortCommit(live.commit)}, ${ago(live.at, now)}`;
  const waiting = Object.entries(newer).filter(([, count]) => count > 0);
  const commit = validated === null ? '' : ` (${shortCommit(validated.commit)}, ${ago(validated.at, now)})`;
  const words = waiting.map(([change, count]) => `${count} ${change}`).join(', ');
  const rest = waiting.length === 0 ? '' : `; ${paint('warn', `validated and not live: ${words}`)}${commit}`;
  return `${paint('strong', name)}: ${what}${rest}\n`;
}

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
