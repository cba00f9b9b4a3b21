/** The sign of life of one loop. A loop that waits for work ticks as well: what is watched is that it turns. */
export interface Beat {
  tick(): void;
  /** The loop has ended as it should; its silence means nothing any more. */
  stop(): void;
}

export interface SilentBeat {
  readonly name: string;
  readonly silentForMs: number;
  readonly maxSilenceMs: number;
}

/** Liveness follows progress and not the process: a worker that hangs is found here, whatever its socket answers. */
export class ProgressMonitor {
  private readonly beats = new Set<{ name: string; maxSilenceMs: number; lastMs: number }>();
  private readonly nowMs: () => number;

  /** @param nowMs a monotonic clock */
  constructor(nowMs: () => number = () => performance.now()) {
    this.nowMs = nowMs;
  }

  beat(name: string, maxSilenceMs: number): Beat {
    const entry = { name, maxSilenceMs, lastMs: this.nowMs() };
    this.beats.add(entry);
    return {
      tick: () => {
        entry.lastMs = this.nowMs();
      },
      stop: () => {
        this.beats.delete(entry);
      },
    };
  }

  silent(): SilentBeat[] {
    const now = this.nowMs();
    return [...this.beats]
      .map(({ name, maxSilenceMs, lastMs }) => ({ name, silentForMs: Math.round(now - lastMs), maxSilenceMs }))
      .filter(({ silentForMs, maxSilenceMs }) => silentForMs > maxSilenceMs);
  }
}
