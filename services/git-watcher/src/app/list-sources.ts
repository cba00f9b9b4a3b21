import type { SourceView } from '@gitway/contracts';
import { Injectable } from '@nestjs/common';
import { SourceStore } from '../adapters/source-store.ts';
import type { Source } from '../domain/source.ts';
import { SourceRegistry } from '../domain/source-registry.ts';

/** What each source is and how it does, without anything secret. */
@Injectable()
export class ListSources {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly store: SourceStore,
  ) {}

  async run(): Promise<{ items: SourceView[] }> {
    return { items: await Promise.all(this.registry.sources.map((source) => this.view(source))) };
  }

  private async view(source: Source): Promise<SourceView> {
    const [record, heads] = await Promise.all([this.store.record(source.name), this.store.heads(source.name)]);
    const gone = [...heads.values()].filter(({ ref, present }) => !present && source.refs.includes(ref));
    const goneNote = gone.map(({ ref }) => `${ref} is gone at the server.`).join(' ');
    const state = record.failures > 0 ? 'failing' : record.lastReadAt === null ? 'starting' : 'watching';
    return {
      name: source.name,
      repository: source.remote.display,
      branches: source.refs.map((ref) => ref.slice('refs/heads/'.length)),
      state,
      failure: record.failure ?? (goneNote === '' ? null : goneNote),
      heads: [...heads.values()]
        .filter(({ ref, present }) => present && source.refs.includes(ref))
        .map(({ ref, commit, detectedAt }) => ({ ref, commit, detectedAt: detectedAt.toISOString() })),
      lastPolledAt: record.lastPolledAt?.toISOString() ?? null,
      lastWebhookAt: record.lastWebhookAt?.toISOString() ?? null,
    };
  }
}
