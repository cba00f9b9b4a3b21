import { type MessagePort, resourceLimits } from 'node:worker_threads';
import {
  compareDocuments,
  type DocumentChanges,
  type DocumentReading,
  type DocumentSettings,
  type OpenedFile,
  readDocument,
} from '@gitway/compiler';
import { jsonWeight } from './json-weight.ts';

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
export default async function run({
  port,
  ...task
}: Task): Promise<DocumentReading | DocumentChanges | 'document-needs-too-much-memory'> {
  const scales = new Scales();
  const ask = <Answer>(question: string) =>
    new Promise<Answer>((resolve) => {
      port.once('message', resolve);
      port.postMessage(question);
    });
  const open = async (question: string) => scales.put(await ask<OpenedFile>(question));
  port.postMessage(null);
  try {
    if (task.work === 'read') {
      scales.put(task);
      return await readDocument({ ...task, open });
    }
    const side = (name: 'base' | 'revision') => ({
      root: task[name],
      open: (path: string) => open(`${name}:${path}`),
    });
    return await compareDocuments({ base: side('base'), revision: side('revision'), today: task.today });
  } catch (error) {
    if (error instanceof TooHeavy) return 'document-needs-too-much-memory';
    throw error;
  } finally {
    port.close();
  }
}

class TooHeavy extends Error {}

/** Weighs the files of one task before they are read. */
class Scales {
  private weight = 0;

  /** @throws TooHeavy for what this thread has no room for */
  put<File extends OpenedFile>(file: File): File {
    const limitMb = resourceLimits.maxOldGenerationSizeMb;
    if ('bytes' in file && limitMb !== undefined) {
      this.weight += jsonWeight(file.bytes);
      if (this.weight > limitMb * 1024 * 1024) throw new TooHeavy();
    }
    return file;
  }
}
