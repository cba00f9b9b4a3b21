import { finding } from '../findings.ts';
import type { DocumentReading } from './document.ts';

/** What a document may take too much of. */
export type Excess = 'document-takes-too-long' | 'document-needs-too-much-memory';

/** The reading of a document that exceeded `limit` (as in `30 s`); `limits` names all that held. */
export function refuseDocument(path: string, rule: Excess, limit: string, limits: string): DocumentReading {
  const message = `Reading this document takes more than ${limit}, also when nothing else is read beside it.`;
  const hint = 'Split it, or leave out what callers do not need; whoever runs the check can raise the limit.';
  const found = finding(rule, 'error', { file: path }, message, hint);
  return { model: null, findings: [found], ignores: [], others: [], absent: [], exceeds: limits };
}
