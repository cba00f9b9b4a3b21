import { clean, firstLine, plural, shortCommit, shortId } from './text.ts';

const textOf = (value: unknown) => (typeof value === 'string' ? clean(value) : '');
const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null;
const branchOf = (ref: string) => ref.replace(/^refs\/heads\//, '');

type Data = Readonly<Record<string, unknown>>;

/** What a fact says, in a few words. A fact of a newer version than this is shown by its plain members. */
export function wordsOf(name: string, data: unknown): string {
  if (!isData(data)) return '';
  const text = (member: string) => textOf(data[member]);
  const count = (member: string, from: unknown = data) => (isData(from) ? Number(from[member] ?? 0) : 0);
  const list = (member: string) => (Array.isArray(data[member]) ? (data[member] as unknown[]) : []);
  const commit = (from: unknown = data, member = 'commit') => {
    const found = isData(from) ? from[member] : undefined;
    return typeof found === 'string' ? shortCommit(found) : 'none';
  };
  const because = (member: string) => (text(member) === '' ? '' : `: ${text(member)}`);
  switch (name) {
    case 'commit-detected': {
      const files = plural(count('total', data['changes']), 'file');
      const subject = typeof data['message'] === 'string' ? firstLine(data['message']) : '';
      return `${commit()} ${subject}${by(data)} (${files}, ${text('trigger')})`;
    }
    case 'commit-validated':
      return `${commit()} compiles, ${unitChanges(count('total', data['changes']))}`;
    case 'commit-rejected':
      return `${commit()} refused: ${rejection(list('findings'))}${by(data) && `;${by(data)}`}`;
    case 'deployment-planned':
      return `${commit()} to ${list('gateways').map(textOf).join(', ')} (${text('cause')})`;
    case 'deployed':
      return `${commit()} is live (${text('cause')})${isUnchanged(data) ? ', unchanged: nothing that a gateway sees' : ''}`;
    case 'deployment-failed':
      return `${commit()} ${text('reason')}; restored ${commit(data['restored'])}`;
    case 'rolled-back':
      return `${commit(data['from'])} → ${commit(data['to'])}${because('detail')}`;
    case 'pin-lifted':
      return `follows Git again at ${commit(data['by'])}`;
    case 'traffic-judged': {
      const [reason] = list('evidence');
      const why = isData(reason) ? textOf(reason['message']) : '';
      return `${commit()} is ${text('outcome')}${why === '' ? '' : `: ${why}`}`;
    }
    case 'drift-observed':
    case 'drift-detected': {
      const fields = list('fields').map((field) => (isData(field) ? textOf(field['path']) : ''));
      return `${text('gateway')}: ${fields.join(', ')}${name === 'drift-detected' ? ` → ${text('action')}` : ''}`;
    }
    case 'drift-resolved':
      return `${text('gateway')} ${text('how')} after ${count('durationMs')} ms`;
    case 'incident-opened':
    case 'incident-updated':
    case 'incident-resolved':
      return `${text('severity')}: ${text('title')}`;
    case 'source-failed':
      return `${text('repository')} cannot be read${because('reason')}${again(count('failures'))}`;
    case 'source-recovered':
      return `${text('repository')} can be read again, after ${plural(count('failures'), 'failure')}`;
    case 'revert-committed':
      return `${commit(data, 'reverted')} reverted by ${commit()}`;
    case 'write-back-failed':
      return `the way back from ${commit(data, 'reverted')} to ${commit(data, 'restored')} in ${text('environment')} could not be written to ${branchOf(text('ref'))}${because('reason')}`;
    case 'deploy-requested':
      return `${commit()}, asked by ${text('actor')}${because('reason')}`;
    case 'rollback-requested': {
      const to = data['commit'] === null ? 'the last good one' : commit();
      return `to ${to}, asked by ${text('actor')}${because('reason')}`;
    }
    case 'command-refused':
      return `${text('command')} asked by ${text('actor')} is not done${because('reason')}`;
    case 'approval-requested':
      return `${commit()} waits for ${plural(count('needed'), 'approval')} (${shortId(text('deployment'))})`;
    case 'approval-granted':
      return `${shortId(text('deployment'))} by ${text('actor')}${because('reason')}`;
    case 'replay-requested':
      return `dead letter ${count('sequence')} of ${text('service')}, asked by ${text('actor')}`;
    case 'notification-failed': {
      const what = isData(data['event']) ? textOf(data['event']['type']) : '';
      return `${text('channel')} was not told of ${what}, after ${plural(count('attempts'), 'attempt')}${because('reason')}`;
    }
    case 'usage-summarised':
      return plural(list('entries').length, 'entry', 'entries');
    default: {
      const plain = Object.entries(data).filter(
        ([, member]) => typeof member === 'string' || typeof member === 'number',
      );
      return plain.map(([member, shown]) => `${clean(member)}=${clean(String(shown))}`).join(' ');
    }
  }
}

function by({ author }: Data): string {
  return isData(author) && typeof author['name'] === 'string' ? ` by ${clean(author['name'])}` : '';
}

const unitChanges = (total: number) => (total === 1 ? '1 unit changes' : `${total === 0 ? 'no' : total} units change`);

const again = (failures: number) => (failures > 1 ? ` (${failures} times in a row)` : '');

/** Whether what ran before is what runs now: the commit changed nothing that a gateway sees, so that no gate held it. */
function isUnchanged({ previous, snapshot }: Data): boolean {
  return isData(previous) && typeof snapshot === 'string' && previous['snapshot'] === snapshot;
}

function rejection(findings: readonly unknown[]): string {
  const [first] = findings;
  if (!isData(first)) return 'see its report';
  const where = first['where'];
  const range = isData(where) && isData(where['range']) ? where['range'] : null;
  const file = isData(where) ? textOf(where['file']) : '';
  const place =
    file === '' ? '' : `${file}${range === null ? '' : `:${Number(range['line'])}:${Number(range['column'])}`} `;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  return `${place}${textOf(first['message'])}${more}`;
}
