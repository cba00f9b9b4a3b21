import type { ApiChange, ApiView } from '@gitway/contracts';
import { exposureOf, plural, stateStyle, type Look } from './apis.ts';
import type { Paint } from './color.ts';
import { table, type Cell } from './table.ts';
import { ago, clean, firstLine, shortCommit, shorten } from './text.ts';

const SHOWN_HISTORY = 5;
const SHOWN_CHANGES = 20;

/** One API in one environment, for a person. */
export function renderApi(view: ApiView, look: Look): string {
  const { api, environment, state, shows, plans } = view;
  const { paint, now } = look;
  const row = (name: string, value: string) => `  ${paint('dim', name.padEnd(14))}${value}\n`;
  const labels = Object.entries(api.labels).map(([key, value]) => `${key}=${value}`);
  const limits = plans.map(({ name, rateLimit }) => (rateLimit === null ? name : `${name} (${rateLimit})`));
  const what = shows === 'live' ? 'live' : 'validated';
  const text = [
    `${paint('strong', api.name)} in ${paint('name', environment)}: ${paint(stateStyle[state], state)}, ${clean(api.title)} ${clean(api.version)}\n`,
    row('lifecycle', `${api.lifecycle}, ${api.visibility}`),
    row('owner', api.owner === null ? '-' : clean(api.owner)),
    row('labels', labels.length === 0 ? '-' : clean(labels.join(', '))),
    row('answers at', `${exposureOf(api.exposure)}${api.exposure.keepBasePath ? ' (base path kept)' : ''}`),
    row('auth', clean(api.policy.auth)),
    row('open to', limits.length > 0 ? `plan ${limits.join(', ')}` : clean(api.operations[0]?.opens ?? '-')),
    row('rate limit', clean(api.policy.rateLimit ?? 'none')),
    row('timeouts', api.policy.timeouts),
    ...(api.policy.also.length === 0 ? [] : [row('policies', clean(api.policy.also.join(', ')))]),
    ...api.pools.map((pool) =>
      row(
        `pool ${pool.name}`,
        `weight ${pool.weight}, ${plural(pool.targets, 'target')}, ${pool.healthChecked ? 'health-checked' : 'no health check'}`,
      ),
    ),
    row(`${what} since`, `${shortCommit(api.since.commit)}, ${ago(api.since.at, now)}`),
    row('unit', api.unit),
    row('documentation', api.documentation),
  ].join('');
  return [text, operationsOf(view, look), waiting(view, look), history(view, look)]
    .filter((part) => part !== '')
    .join('\n');
}

function operationsOf({ api }: ApiView, { paint, width }: Look): string {
  if (api.operationCount === 0) return 'No operation.\n';
  const rows = api.operations.map((each): (string | Cell)[] => [
    { text: each.method, style: 'strong' },
    shorten(clean(each.path), 80),
    shorten(clean(each.id), 60),
    clean(each.opens),
  ]);
  const more = api.operationCount - rows.length;
  return `${table(['method', 'path', 'operation', 'open to'], rows, { paint, width })}${more > 0 ? `and ${plural(more, 'more operation')}\n` : ''}`;
}

function waiting({ next }: ApiView, { paint, now }: Look): string {
  if (next === null) return '';
  const { since } = next.api;
  const head = paint('warn', `Validated and not live: ${shortCommit(since.commit)}, ${ago(since.at, now)}`);
  return `${head}\n${changeLines(next.changes, paint)}`;
}

function history(view: ApiView, { paint, now }: Look): string {
  if (view.history.length === 0) return '';
  const entries = view.history.slice(0, SHOWN_HISTORY).map(({ commit, at, author, message, change }) => {
    const line = `  ${shortCommit(commit)} ${ago(at, now)} by ${clean(author.name)}: ${firstLine(message)}`;
    return `${line} ${paint('dim', `(${summaryOf(change)})`)}\n`;
  });
  return `${paint('dim', 'Validated changes')}\n${entries.join('')}`;
}

function summaryOf({ change, fields, operationCounts }: ApiChange): string {
  const operations = Object.entries(operationCounts).filter(([, count]) => count > 0);
  const words = [
    ...(change === 'changed' ? fields.map(({ field }) => field) : [change]),
    ...operations.map(([what, count]) => `${plural(count, 'operation')} ${what}`),
  ];
  return shorten(words.join(', '), 120);
}

function changeLines({ fields, operations, operationCounts }: ApiChange, paint: Paint): string {
  const sign = { added: '+', changed: '~', removed: '-' } as const;
  const style = { added: 'good', changed: 'warn', removed: 'bad' } as const;
  const fieldLines = fields.map(
    ({ field, from, to }) => `  ${paint('warn', '~')} ${field}: ${clean(from ?? 'none')} → ${clean(to ?? 'none')}\n`,
  );
  const operationLines = operations.map(({ change, operation, before }) => {
    const was = change === 'changed' && before !== null ? `, was ${before.method} ${before.path} (${before.id})` : '';
    const text = `${operation.method} ${operation.path} (${operation.id})${was}`;
    return `  ${paint(style[change], sign[change])} ${shorten(clean(text), 200)}\n`;
  });
  const lines = [...fieldLines, ...operationLines];
  const { added, changed, removed } = operationCounts;
  const all = fields.length + added + changed + removed;
  const shown = lines.slice(0, SHOWN_CHANGES);
  return `${shown.join('')}${all > shown.length ? `  and ${all - shown.length} more\n` : ''}`;
}
