import type { MessagePort } from 'node:worker_threads';
import {
  compareDocuments,
  type DocumentChanges,
  type DocumentReading,
  type DocumentSettings,
  type OpenedFile,
  readDocument,
} from '@gitway/compiler';

/**
 * What a worker is given. It sends `null` over `port` when it begins, and then what it asks for; `port` answers each
 * question before the next.
 */
export type Task = (DocumentTask | ComparisonTask) & { readonly port: MessagePort };

/** To read a document. It asks for other files by path. */
export interface DocumentTask {
  readonly work: 'read';
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly settings: DocumentSettings;
}

/** To compare two versions of a document. It asks for their files as `base:path` and `revision:path`. */
export interface ComparisonTask {
  readonly work: 'compare';
  readonly base: string;
  readonly revision: string;
  readonly today: string | undefined;
}

/** Does one task. Runs in a thread of its own, which may be ended at any moment. */
export default async function run({ port, ...task }: Task): Promise<DocumentReading | DocumentChanges> {
  const ask = <Answer>(question: string) =>
    new Promise<Answer>((resolve) => {
      port.once('message', resolve);
      port.postMessage(question);
    });
  port.postMessage(null);
  try {
    if (task.work === 'read') return await readDocument({ ...task, open: (path) => ask<OpenedFile>(path) });
    const side = (name: 'base' | 'revision') => ({
      root: task[name],
      open: (path: string) => ask<OpenedFile>(`${name}:${path}`),
    });
    return await compareDocuments({ base: side('base'), revision: side('revision'), today: task.today });
  } finally {
    port.close();
  }
}
