import type { MessagePort } from 'node:worker_threads';
import { type DocumentReading, type DocumentSettings, type OpenedFile, readDocument } from '@gitway/compiler';

/**
 * What a worker is given. It sends `null` over `port` when it begins, and then paths; `port` answers each with that file
 * of the workspace.
 */
export interface DocumentTask {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly settings: DocumentSettings;
  readonly port: MessagePort;
}

/** Reads one document. Runs in a thread of its own, which may be ended at any moment. */
export default async function read({ port, ...job }: DocumentTask): Promise<DocumentReading> {
  const open = (path: string) =>
    new Promise<OpenedFile>((resolve) => {
      port.once('message', resolve);
      port.postMessage(path);
    });
  port.postMessage(null);
  try {
    return await readDocument({ ...job, open });
  } finally {
    port.close();
  }
}
