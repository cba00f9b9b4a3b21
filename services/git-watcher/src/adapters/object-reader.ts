import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { InternalError, TransientError, type GitwayError } from '@gitway/errors';
import { failureOf } from '../domain/git-failure.ts';

export interface GitObject {
  readonly oid: string;
  readonly type: string;
  readonly content: Buffer;
}

interface Waiting {
  readonly maxBytes: number;
  resolve(object: GitObject | null): void;
  reject(error: GitwayError): void;
}

/**
 * Many objects out of one `git cat-file --batch` process, answered in the order in which they were asked for. Names
 * are object ids or refs that were validated before: none can hold the newline that ends a request.
 */
export class ObjectReader {
  private readonly waiting: Waiting[] = [];
  private chunks: Buffer[] = [];
  private buffered = 0;
  /** The object whose content is being read. */
  private current: { oid: string; type: string; size: number } | null = null;
  private failure: GitwayError | null = null;
  private said = '';
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    timeoutMs = 120_000,
  ) {
    child.stdout.on('data', (chunk: Buffer) => this.take(chunk));
    child.stderr.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-2000)));
    child.stdin.on('error', () => {});
    child.once('error', (error) => this.fail(new InternalError('git-missing', `git cannot be run: ${error.message}`)));
    child.once('close', () => this.fail(failureOf('read objects', this.said)));
    this.timer = setTimeout(() => {
      this.fail(new TransientError('git-timeout', 'Git did not give its objects in time; it is tried again.'));
    }, timeoutMs);
  }

  /**
   * The object of this name; null when there is none.
   * @throws GitwayError when the object is larger than `maxBytes` or the mirror cannot be read.
   */
  read(name: string, maxBytes: number): Promise<GitObject | null> {
    if (/[\s\0]/.test(name)) throw new InternalError('bad-object-name', 'An object name holds white space.');
    return new Promise((resolve, reject) => {
      if (this.failure !== null) return reject(this.failure);
      this.waiting.push({ maxBytes, resolve, reject });
      this.child.stdin.write(`${name}\n`);
    });
  }

  close(): void {
    clearTimeout(this.timer);
    this.child.stdin.end();
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    while (this.failure === null && this.waiting.length > 0 && this.step());
  }

  /** Takes one header or one content off the buffer; false when more bytes are needed. */
  private step(): boolean {
    if (this.current === null) {
      const end = this.joined().indexOf(10);
      if (end < 0) return false;
      const header = this.consume(end + 1)
        .toString('utf8')
        .trimEnd();
      const match = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(header);
      if (match === null) {
        if (!header.endsWith(' missing')) {
          this.fail(failureOf('read objects', header));
          return false;
        }
        this.waiting.shift()!.resolve(null);
        return true;
      }
      this.current = { oid: match[1]!, type: match[2]!, size: Number(match[3]) };
      if (this.current.size > this.waiting[0]!.maxBytes) {
        this.fail(new InternalError('object-too-large', `The object ${this.current.oid} is too large to be read.`));
        return false;
      }
    }
    if (this.buffered < this.current.size + 1) return false;
    const content = this.consume(this.current.size + 1).subarray(0, this.current.size);
    const { oid, type } = this.current;
    this.current = null;
    this.waiting.shift()!.resolve({ oid, type, content });
    return true;
  }

  private joined(): Buffer {
    if (this.chunks.length !== 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!;
  }

  private consume(length: number): Buffer {
    const whole = this.joined();
    this.chunks = [whole.subarray(length)];
    this.buffered -= length;
    return whole.subarray(0, length);
  }

  private fail(error: GitwayError): void {
    clearTimeout(this.timer);
    if (this.failure !== null) return;
    this.failure = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
    this.child.kill('SIGKILL');
  }
}
