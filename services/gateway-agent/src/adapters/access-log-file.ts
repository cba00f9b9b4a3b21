import { execFile } from 'node:child_process';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from './gateway-files.ts';

const FILE = 'access.log';
const POSITION = 'traffic-position.json';
const BLOCK_BYTES = 4096;

const positionSchema = z.object({
  /** Names the file that the records come from; sequences count within it. */
  epoch: z.string(),
  inode: z.string(),
  /** Everything before was published and acknowledged. */
  offset: z.int().nonnegative(),
  /** Last sequence in use. */
  sequence: z.int().nonnegative(),
  /** Bytes after `offset` that are being published, under the sequences after `sequence`; null: none. */
  pending: z.int().positive().nullable(),
  /** Records known to be lost that no batch has told of yet. */
  lost: z.int().nonnegative(),
});
export type Position = z.infer<typeof positionSchema>;

/** The log that HAProxy appends to, and how far it was shipped. */
export class AccessLogFile {
  private handle: { file: FileHandle; inode: string } | null = null;
  private canFree = true;
  private freedTo = 0;

  constructor(private readonly dir: string) {}

  async position(): Promise<Position | null> {
    const text = await readFile(join(this.dir, POSITION), 'utf8').catch(() => null);
    if (text === null) return null;
    try {
      return positionSchema.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }

  async putPosition(position: Position): Promise<void> {
    await writeWhole(join(this.dir, POSITION), JSON.stringify(position));
  }

  /** The file that is there now; null: none yet. */
  async present(): Promise<{ inode: string; size: number } | null> {
    const at = await stat(join(this.dir, FILE), { bigint: true }).catch(() => null);
    return at === null ? null : { inode: String(at.ino), size: Number(at.size) };
  }

  /** Opens the present file unless it is open already; a file that was replaced can still be read until this is called. */
  async open(inode: string): Promise<boolean> {
    if (this.handle?.inode === inode) return true;
    await this.close();
    const file = await open(join(this.dir, FILE), 'r').catch(() => null);
    if (file === null) return false;
    const at = await file.stat({ bigint: true });
    this.handle = { file, inode: String(at.ino) };
    this.freedTo = 0;
    return this.handle.inode === inode;
  }

  opened(): string | null {
    return this.handle?.inode ?? null;
  }

  async openedSize(): Promise<number> {
    return this.handle === null ? 0 : (await this.handle.file.stat()).size;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    if (this.handle === null) return Buffer.alloc(0);
    const { buffer, bytesRead } = await this.handle.file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  }

  /** Gives the space before `offset` back to the file system, where it can; the file keeps its length. */
  async free(offset: number, leastBytes: number): Promise<void> {
    const end = offset - (offset % BLOCK_BYTES);
    if (!this.canFree || end - this.freedTo < leastBytes) return;
    const hole = ['--punch-hole', '--keep-size', '--offset', '0', '--length', String(end), join(this.dir, FILE)];
    this.canFree = await new Promise((resolve) => {
      execFile('fallocate', hole, { timeout: 10_000 }, (error) => resolve(error === null));
    });
    if (this.canFree) this.freedTo = end;
  }

  async close(): Promise<void> {
    await this.handle?.file.close();
    this.handle = null;
  }
}
