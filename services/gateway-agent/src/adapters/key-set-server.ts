import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@gitway/errors';
import { z } from 'zod';
import { writeWhole } from './gateway-files.ts';

const LONGEST_MS = 5_000;
const MAX_BYTES = 512 * 1024;
const keptSchema = z.object({ uri: z.string(), text: z.string() });

/** Fetches key sets, and keeps the last good ones on disk, so that a gateway restarts without a network. */
export class KeySetServer {
  private readonly dir: string;

  constructor(gatewayDir: string) {
    this.dir = join(gatewayDir, 'keysets');
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
  }

  /** What the issuer publishes now, or why it cannot be had. Redirects are not followed: the address was reviewed. */
  async fetch(uri: string): Promise<{ text: string } | { refusal: string }> {
    try {
      const answer = await fetch(uri, {
        redirect: 'error',
        signal: AbortSignal.timeout(LONGEST_MS),
        headers: { accept: 'application/jwk-set+json, application/json' },
      });
      if (answer.status !== 200) {
        await answer.body?.cancel();
        return { refusal: `it answers ${answer.status}` };
      }
      const chunks: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of answer.body ?? []) {
        length += chunk.byteLength;
        if (length > MAX_BYTES) return { refusal: 'it is larger than 512 KiB' };
        chunks.push(chunk as Uint8Array);
      }
      return { text: Buffer.concat(chunks).toString('utf8') };
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { message?: unknown } };
      if (name === 'TimeoutError') return { refusal: 'it did not answer within 5 s' };
      const reason = typeof cause?.message === 'string' ? `: ${cause.message}` : '';
      return { refusal: `${messageOf(error)}${reason}` };
    }
  }

  async keep(uri: string, text: string): Promise<void> {
    await writeWhole(this.path(uri), JSON.stringify({ uri, text }));
  }

  async kept(uri: string): Promise<string | null> {
    try {
      const found = keptSchema.parse(JSON.parse(await readFile(this.path(uri), 'utf8')));
      return found.uri === uri ? found.text : null;
    } catch {
      return null;
    }
  }

  private path(uri: string): string {
    return join(this.dir, `${createHash('sha256').update(uri).digest('hex')}.json`);
  }
}
