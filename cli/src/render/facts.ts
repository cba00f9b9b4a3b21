import type { Fact } from '@gitway/contracts';
import { factNameOf } from '../client/outcome.ts';
import type { Paint, Style } from './color.ts';
import { clean, firstLine, shortCommit, shorten, timeOfDay } from './text.ts';

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

type Data = Readonly<Record<string, unknown>>;

const styleOf: Readonly<Record<string, Style>> = {
  deployed: 'good',
  'commit-validated': 'good',
  'drift-resolved': 'good',
  'incident-resolved': 'good',
  'source-recovered': 'good',
  'commit-rejected': 'bad',
  'deployment-failed': 'bad',
  'rolled-back': 'bad',
  'incident-opened': 'bad',
  'source-failed': 'bad',
  'write-back-failed': 'bad',
  'notification-failed': 'bad',
  'drift-observed': 'warn',
  'drift-detected': 'warn',
  'approval-requested': 'warn',
};

/** A fact on one line: when, what, about what, and the words that matter. */
export function factLine(fact: Fact, paint: Paint, width: number): string {
  const name = factNameOf(fact) || fact.type;
  const scope = fact.subject.split('.').slice(3).join('.');
  const head = `${timeOfDay(fact.time)}  ${clean(name).padEnd(20)}  ${clean(scope).padEnd(12)}  `;
  const words = shorten(wordsOf(name, fact.data), Math.max(20, width - head.length));
  const style = styleOf[name] ?? 'name';
  return `${paint('dim', timeOfDay(fact.time))}  ${paint(style, clean(name).padEnd(20))}  ${clean(scope).padEnd(12)}  ${words}`;
}

/** What a fact says, in a few words. A fact of a newer version than this is shown by its plain members. */
export function wordsOf(name: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const data = value as Data;
  const text = (member: string) => (typeof data[member] === 'string' ? clean(data[member]) : '');
  const number = (member: string, from: unknown = data) =>
    typeof from === 'object' && from !== null ? Number((from as Data)[member] ?? 0) : 0;
  const commit = (from: unknown = data) => {
    const found = typeof from === 'object' && from !== null ? (from as Data)['commit'] : undefined;
    return typeof found === 'string' ? shortCommit(found) : 'none';
  };
  const by = () => {
    const author = data['author'] as Data | undefined;
    return typeof author?.['name'] === 'string' ? ` by ${clean(author['name'])}` : '';
  };
  const list = (member: string) => (Array.isArray(data[member]) ? (data[member] as unknown[]) : []);
  switch (name) {
    case 'commit-detected':
      return `${commit()} ${firstLine(textOf(data['message']))}${by()} (${number('total', data['changes'])} files, ${text('trigger')})`;
    case 'commit-validated':
      return `${commit()} compiles, ${number('total', data['changes'])} units change`;
    case 'commit-rejected':
      return `${commit()} refused${by()}: ${rejection(data)}`;
    case 'deployment-planned':
      return `${commit()} to ${list('gateways').map(String).map(clean).join(', ')} (${text('cause')})`;
    case 'deployed':
      return `${commit()} is live (${text('cause')})`;
    case 'deployment-failed':
      return `${commit()} ${text('reason')}; restored ${commit(data['restored'])}`;
    case 'rolled-back':
      return `${commit(data['from'])} → ${commit(data['to'])}: ${text('detail')}`;
    case 'pin-lifted':
      return `follows Git again at ${commit(data['by'])}`;
    case 'traffic-judged':
      return `${commit()} is ${text('outcome')}`;
    case 'drift-observed':
    case 'drift-detected':
      return `${text('gateway')}: ${list('fields')
        .map((field) => clean(textOf((field as Data | null)?.['path'])))
        .join(', ')}${name === 'drift-detected' ? ` → ${text('action')}` : ''}`;
    case 'drift-resolved':
      return `${text('gateway')} ${text('how')} after ${number('durationMs')} ms`;
    case 'incident-opened':
    case 'incident-updated':
    case 'incident-resolved':
      return `${text('severity')}: ${text('title')}`;
    case 'revert-committed':
      return `${commit({ commit: data['reverted'] })} reverted by ${commit()}`;
    case 'deploy-requested':
    case 'rollback-requested':
      return `${commit()} by ${text('actor')}: ${text('reason')}`;
    case 'approval-granted':
      return `by ${text('actor')}: ${text('reason')}`;
    case 'usage-summarised':
      return `${list('entries').length} entries`;
    default: {
      const plain = Object.entries(data).filter(
        ([, member]) => typeof member === 'string' || typeof member === 'number',
      );
      return plain.map(([member, shown]) => `${member}=${clean(String(shown))}`).join(' ');
    }
  }
}

function rejection(data: Data): string {
  const findings = Array.isArray(data['findings']) ? (data['findings'] as Data[]) : [];
  const first = findings[0];
  if (first === undefined) return 'see its report';
  const where = first['where'] as { file?: unknown; range?: { line?: unknown; column?: unknown } } | undefined;
  const place =
    typeof where?.file === 'string'
      ? `${where.file}${where.range ? `:${String(where.range.line)}:${String(where.range.column)}` : ''} `
      : '';
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  return clean(`${place}${textOf(first['message'])}${more}`);
}
