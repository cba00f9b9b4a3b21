import type { LastingCache } from '@gitway/compiler';
import { digestOfBytes } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { type ArtifactStore, inParallel } from '@gitway/messaging';
import { logger } from '@gitway/observability';

const log = logger('shared-cache');

/** What any replica compiled, in the artifact store. Where the store does not answer, it is compiled here. */
export class SharedCache implements LastingCache {
  private failing = false;

  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly engine: string,
  ) {}

  async load(keys: readonly string[]): Promise<Map<string, unknown>> {
    const values = new Map<string, unknown>();
    await this.attempt(() =>
      inParallel(keys, async (key) => {
        const value = await this.artifacts.getCompiled(this.digestOf(key));
        if (value !== undefined) values.set(key, value);
      }),
    );
    return values;
  }

  save(entries: ReadonlyMap<string, object>): void {
    void this.attempt(() =>
      inParallel([...entries], ([key, value]) => this.artifacts.putCompiled(this.digestOf(key), value)),
    );
  }

  private digestOf(key: string): string {
    return digestOfBytes(`${this.engine}\n${key}`);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.warn({ reason: messageOf(error) }, 'what was compiled cannot be shared');
      this.failing = true;
    }
  }
}
