import { messageOf } from '@gitway/errors';

/** Resolves when that part can be used; its error's message says why not and is shown to whoever asks. */
export type ReadinessCheck = () => Promise<void>;

export interface ReadinessResult {
  readonly ready: boolean;
  /** `ok`, or why not. */
  readonly checks: Readonly<Record<string, string>>;
}

/** What has to answer before this service takes work: its database, NATS. Whoever owns a part adds its check. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly timeoutMs: number;
  private draining = false;

  constructor(timeoutMs = 2_000) {
    this.timeoutMs = timeoutMs;
  }

  add(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** From here on not ready: the service is shutting down and finishes what it has. */
  drain(): void {
    this.draining = true;
  }

  async result(): Promise<ReadinessResult> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await this.outcome(check)] as const),
    );
    if (this.draining) entries.push(['shutdown', 'shutting down']);
    return { ready: entries.every(([, outcome]) => outcome === 'ok'), checks: Object.fromEntries(entries) };
  }

  private async outcome(check: ReadinessCheck): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer within ${this.timeoutMs} ms`), this.timeoutMs);
    });
    try {
      return await Promise.race([check().then(() => 'ok'), timeout]);
    } catch (error) {
      return messageOf(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
