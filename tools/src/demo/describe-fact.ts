import type { Fact } from '@gitway/contracts';

/** One line on a fact: its name, its scope, and what matters of its data. */
export function describeFact(fact: Fact): string {
  const [, , name = '', scope = ''] = fact.subject.split('.');
  const data = (typeof fact.data === 'object' && fact.data !== null ? fact.data : {}) as Record<string, unknown>;
  const details = ['commit', 'outcome', 'how', 'action', 'reason', 'title', 'cause']
    .flatMap((key) => (typeof data[key] === 'string' ? [key === 'commit' ? data[key].slice(0, 8) : data[key]] : []))
    .join(', ');
  return `${name.padEnd(20)} ${scope.padEnd(12)} ${details}`.trimEnd();
}
