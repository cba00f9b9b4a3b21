import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@gitway/errors';
import type { TrafficLog } from '@gitway/messaging';
import { counter, logger } from '@gitway/observability';
import type { AccessLogFile, Position } from '../adapters/access-log-file.ts';
import { type Chunk, type NameOperation, readChunk } from '../domain/access-chunk.ts';

export const POLL_MS = 200;
const READ_BYTES = 1024 * 1024;
const FREE_AFTER_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 1_000;

const log = logger('traffic');

/**
 * Publishes the access log in batches, each record once: which bytes make the next batches, and under which
 * sequences, is written down before they are published, so that whoever comes after a crash publishes the same.
 */
export class ShipTraffic {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private position: Position | null = null;
  private failing = false;
  /** End of the file when it was last looked at: what was beyond `offset` is lost if the file is cut. */
  private seenSize = 0;
  /** Lines that never came to the file, until they are written down. */
  private dropped = 0;
  private readonly shippedLines = counter(
    'gitway_log_lines_shipped_total',
    'Calls that were delivered from the access log',
  );
  private readonly lostLines = counter(
    'gitway_log_lines_lost_total',
    'Calls that are known to be missing from what was delivered',
  );

  constructor(
    private readonly from: { environment: string; gateway: string },
    private readonly file: AccessLogFile,
    private readonly traffic: TrafficLog,
    private readonly nameOperation: NameOperation,
    private readonly now: () => Date,
    private readonly onTurn: () => void = () => {},
    private readonly onUnknownKey: (api: string) => void = () => {},
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    await this.file.close();
  }

  /** Says of lines that were never written; the next batch tells of them. */
  lose(lines: number): void {
    this.dropped += lines;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let pauseMs = POLL_MS;
      try {
        if (await this.step()) pauseMs = 0;
        if (this.failing) log.info('shipping traffic again');
        this.failing = false;
      } catch (error) {
        pauseMs = RETRY_MS;
        if (!this.failing) log.warn({ reason: messageOf(error) }, 'cannot ship traffic; it stays in the log');
        this.failing = true;
      }
      this.onTurn();
      if (pauseMs > 0) await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** One chunk, if there is one. @returns whether there may be more at once */
  async step(): Promise<boolean> {
    const settled = await this.settle();
    if (settled === null) return false;
    const position = await this.withDropped(settled);
    const bytes = await this.file.read(position.offset, position.pending ?? READ_BYTES);
    this.seenSize = Math.max(this.seenSize, position.offset + bytes.length);
    const chunk = readChunk(bytes, this.nameOperation);
    if (chunk === null) return this.follow(position);
    for (const api of chunk.unknownKeys) this.onUnknownKey(api);
    if (chunk.groups.length === 0) {
      await this.advance(position, chunk, 0, position.lost + chunk.lost);
      return true;
    }
    if (position.pending === null) await this.put({ ...position, pending: chunk.length });
    await this.publish(position, chunk);
    await this.advance(position, chunk, chunk.groups.length, 0);
    return true;
  }

  /** A batch that may be under way already says what it said before. */
  private async withDropped(position: Position): Promise<Position> {
    const { dropped } = this;
    if (dropped === 0 || position.pending !== null) return position;
    this.dropped = 0;
    return this.put({ ...position, lost: position.lost + dropped });
  }

  private async publish(position: Position, chunk: Chunk): Promise<void> {
    for (const [index, { snapshot, calls }] of chunk.groups.entries()) {
      await this.traffic.publish({
        ...this.from,
        sequence: position.sequence + index + 1,
        epoch: position.epoch,
        lost: index === 0 ? position.lost + chunk.lost : 0,
        sentAt: this.now().toISOString(),
        snapshot,
        calls: [...calls],
      });
      this.shippedLines.add(calls.length, this.from);
    }
    this.lostLines.add(position.lost + chunk.lost, this.from);
  }

  private async advance(position: Position, chunk: Chunk, batches: number, lost: number): Promise<void> {
    const offset = position.offset + chunk.length;
    await this.put({ ...position, offset, sequence: position.sequence + batches, pending: null, lost });
    await this.file.free(offset, FREE_AFTER_BYTES);
  }

  /** Where to read, with the file open; null when there is no file. */
  private async settle(): Promise<Position | null> {
    const known = this.position ?? (await this.file.position());
    if (known !== null && this.file.opened() === known.inode) {
      if ((await this.file.openedSize()) >= known.offset) return known;
      return this.begin(known.inode, this.seenSize > known.offset ? 1 : 0);
    }
    const present = await this.file.present();
    if (present === null) return null;
    const same = known !== null && known.inode === present.inode && present.size >= known.offset;
    if (!(await this.file.open(present.inode))) return null;
    // Another file, or a shorter one, while nobody looked: how much was lost is not known, that something was is.
    if (!same) return this.begin(present.inode, known === null ? 0 : 1);
    this.position = known;
    return known;
  }

  /** At the end of the open file: goes on with the one that took its place, if any. */
  private async follow(position: Position): Promise<boolean> {
    const present = await this.file.present();
    if (present === null || present.inode === position.inode) return false;
    if (!(await this.file.open(present.inode))) return false;
    await this.begin(present.inode, 0);
    return true;
  }

  private async begin(inode: string, lost: number): Promise<Position> {
    this.seenSize = 0;
    return this.put({ epoch: randomUUID(), inode, offset: 0, sequence: 0, pending: null, lost });
  }

  private async put(position: Position): Promise<Position> {
    await this.file.putPosition(position);
    this.position = position;
    return position;
  }
}
