/** What a worker says of log lines that it could not write. */
export interface DroppedLogs {
  readonly worker: number;
  readonly droppedLogs: number;
}

/** Adds up what workers drop. What the first one had dropped before anybody asked, an earlier agent has told. */
export class DroppedLines {
  private last: DroppedLogs | null = null;

  /** @returns lines dropped since the last look */
  since(now: DroppedLogs | null): number {
    if (now === null) return 0;
    const { last } = this;
    this.last = now;
    if (last === null) return 0;
    return now.worker === last.worker ? Math.max(0, now.droppedLogs - last.droppedLogs) : now.droppedLogs;
  }
}
