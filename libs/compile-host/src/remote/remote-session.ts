import type { RemoteFiles, TakenFile } from '@gitway/compiler';
import { allowedBy, type AllowedHost } from './allowed-host.ts';
import { fetchFile, type FetchLimits } from './fetch-file.ts';

export interface RemoteLimits extends FetchLimits {
  /** Of one session. */
  readonly maxFiles: number;
  readonly maxTotalBytes: number;
  /** Spent on waiting for them, one added to the other. */
  readonly totalMs: number;
}

export const defaultRemoteLimits: RemoteLimits = {
  maxBytes: 10_000_000,
  timeoutMs: 10_000,
  maxFiles: 200,
  maxTotalBytes: 50_000_000,
  totalMs: 60_000,
};

/**
 * Files of other servers for one compile, or for several that are to see the same: each URL is fetched once, and what
 * came of it, good or bad, is the answer from then on.
 */
export class RemoteSession implements RemoteFiles {
  readonly #hosts: readonly AllowedHost[];
  readonly #limits: RemoteLimits;
  readonly #taken = new Map<string, Promise<TakenFile>>();
  #spentMs = 0;
  #bytes = 0;

  constructor(hosts: readonly AllowedHost[], limits: RemoteLimits = defaultRemoteLimits) {
    this.#hosts = hosts;
    this.#limits = limits;
  }

  allows(url: string): boolean {
    return allowedBy(this.#hosts, url) !== undefined;
  }

  take(url: string): Promise<TakenFile> {
    let taken = this.#taken.get(url);
    if (taken === undefined) this.#taken.set(url, (taken = this.#fetch(url)));
    return taken;
  }

  async #fetch(url: string): Promise<TakenFile> {
    const { maxFiles, maxTotalBytes, totalMs } = this.#limits;
    if (this.#taken.size >= maxFiles) return { unreachable: `more than ${maxFiles} files of other servers are needed` };
    const until = AbortSignal.timeout(Math.max(0, Math.ceil(totalMs - this.#spentMs)));
    const started = performance.now();
    const file = await fetchFile(url, this.#hosts, this.#limits, until);
    this.#spentMs += performance.now() - started;
    if (!('bytes' in file)) return file;
    this.#bytes += file.bytes.byteLength;
    if (this.#bytes <= maxTotalBytes) return file;
    return { unreachable: `files of other servers are larger than ${maxTotalBytes / 1e6} MB together` };
  }
}
