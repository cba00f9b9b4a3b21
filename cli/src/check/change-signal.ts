import { watch, type FSWatcher } from 'node:fs';

/** Nothing more happened for so long: whoever wrote is done. */
const QUIET_MS = 60;
/** Somebody who never stops writing is not waited for any longer. */
const MAX_WAIT_MS = 1_000;
/** The file system's word is a wake-up and no more: a look around finds what it did not tell. */
const SWEEP_MS = 5_000;
const SWEEP_WITHOUT_WATCHERS_MS = 1_000;
const MAX_WATCHERS = 8_192;

/** Tells when it is worth looking into some folders again. */
export class ChangeSignal {
  private readonly watchers = new Map<string, FSWatcher>();
  private incomplete = false;
  private pending = false;
  private wake: () => void = () => undefined;

  /** Watches these folders and no others. True when one is new: what happened in it before now was not seen. */
  watch(folders: readonly string[]): boolean {
    const wanted = new Set(folders.slice(0, MAX_WATCHERS));
    for (const folder of this.watchers.keys()) if (!wanted.has(folder)) this.drop(folder);
    this.incomplete = folders.length === 0 || folders.length > MAX_WATCHERS;
    let added = false;
    for (const folder of wanted) {
      if (this.watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, (event, name) => {
          // The folder itself was renamed or deleted: this watcher would go on with what is no longer here.
          if (event === 'rename' && name !== null && folder.endsWith(`/${name}`)) this.drop(folder);
          this.told();
        });
        watcher.on('error', () => {
          this.drop(folder);
          this.told();
        });
        this.watchers.set(folder, watcher);
        added = true;
      } catch {
        this.incomplete = true;
      }
    }
    return added;
  }

  /** Resolves when something may have changed and nothing more does, or when it is time to look anyway. */
  async changed(signal: AbortSignal): Promise<void> {
    if (!this.pending) await this.toldOrAfter(this.incomplete ? SWEEP_WITHOUT_WATCHERS_MS : SWEEP_MS, signal);
    const latest = performance.now() + MAX_WAIT_MS;
    while (this.pending && !signal.aborted && performance.now() < latest) {
      this.pending = false;
      await this.toldOrAfter(QUIET_MS, signal);
    }
    this.pending = false;
  }

  close(): void {
    for (const folder of [...this.watchers.keys()]) this.drop(folder);
  }

  private drop(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  private told(): void {
    this.pending = true;
    this.wake();
  }

  private toldOrAfter(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}
