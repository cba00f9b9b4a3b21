import { type ApiUsage, type DocumentSource, isRemote, type LiveEnvironment } from '@gitway/compiler';
import { type ApiUnit, apiUnitSchema, remoteFileSchema } from '@gitway/contracts';
import { GitwayError, isRetryable, NotFoundError } from '@gitway/errors';
import { ArtifactStore } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { BlobReader } from '../adapters/blob-reader.ts';
import { CatalogueReader } from '../adapters/catalogue-reader.ts';
import { LiveHistory } from '../adapters/live-history.ts';
import { StateReader } from '../adapters/state-reader.ts';
import { UsageStore } from '../adapters/usage-store.ts';
import { apisOf } from '../domain/catalogue.ts';

/** What a comparison needs of an API; a unit of an older release may lack what came later. */
const comparable = z.looseObject({
  kind: z.literal('api'),
  name: apiUnitSchema.shape.name,
  lifecycle: apiUnitSchema.shape.lifecycle,
  visibility: apiUnitSchema.shape.visibility,
  route: z.looseObject({ hosts: z.array(z.string()), basePath: z.string() }),
  openapi: z.looseObject({ digest: z.string() }),
  operations: z.array(z.looseObject({ id: z.string(), method: z.string(), path: z.string() })),
  plans: z.array(z.string()),
  policy: z.looseObject({ auth: z.looseObject({ kind: z.string() }) }),
});

/** What runs in each environment, as the base that breaking changes are judged against. */
@Injectable()
export class LiveEnvironments {
  constructor(
    private readonly catalogue: CatalogueReader,
    private readonly states: StateReader,
    private readonly artifacts: ArtifactStore,
    private readonly blobs: BlobReader,
    private readonly history: LiveHistory,
    private readonly usage: UsageStore,
  ) {}

  /** Null where nothing is live. */
  async of(environment: string): Promise<LiveEnvironment | null> {
    const states = await this.catalogue.atOneMoment((queries) => queries.states([environment]));
    const live = states.find(({ state }) => state === 'live');
    if (live === undefined) return null;
    const apis = await this.apis(environment, live.snapshot);
    return {
      name: 'The live version',
      apis,
      unit: (digest) => this.unit(digest),
      document: (digest) => this.document(digest),
      usage: (api, since) => this.usageOf(environment, api, since),
      deprecations: (api) => this.history.deprecations(environment, api),
      servedUntil: (api, unit) => this.history.servedUntil(environment, api, unit),
    };
  }

  async usageOf(environment: string, api: string, since: Date): Promise<ApiUsage> {
    const { knownSince, items } = await this.usage.of(environment, api, since);
    if (knownSince === null) return { unknown: `no usage of ${environment} has been heard of yet` };
    return { knownSince, entries: items.map((item) => ({ ...item, lastAt: new Date(item.lastAt) })) };
  }

  /** Of the snapshot, which is mostly at hand; of the catalogue where the store has lost it. */
  private async apis(environment: string, snapshot: string): Promise<LiveEnvironment['apis']> {
    try {
      return apisOf(await this.states.snapshot(snapshot));
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return this.catalogue.atOneMoment((queries) => queries.liveApis(environment));
    }
  }

  /** What the store has lost, or holds in a shape that is no longer read, is not compared; anything else is tried again. */
  private async unit(digest: string): Promise<ApiUnit | undefined> {
    try {
      return (await this.artifacts.getJson('unit', digest, comparable)) as unknown as ApiUnit;
    } catch (error) {
      if (error instanceof NotFoundError || (error instanceof GitwayError && !isRetryable(error))) return undefined;
      throw error;
    }
  }

  private async document(digest: string): Promise<DocumentSource | undefined> {
    const files = await this.history.filesOf(digest);
    const root = files?.[0]?.path;
    if (files === undefined || root === undefined) return undefined;
    const entries = files.map((file) => ({ ...file, mode: '100644' as const }));
    const byPath = new Map(entries.map((entry) => [entry.path, entry]));
    return {
      root,
      list: () => Promise.resolve(entries),
      read: async (path) => {
        const entry = byPath.get(path);
        if (entry === undefined) return undefined;
        if (isRemote(path)) return this.copy(entry.oid);
        return this.blobs.read(entry).catch((error: unknown) => {
          if (error instanceof GitwayError && error.slug === 'blob-missing') return undefined;
          throw error;
        });
      },
    };
  }

  /** A file of another server, as it was when the document was validated. */
  private async copy(digest: string): Promise<Uint8Array | undefined> {
    try {
      return Buffer.from((await this.artifacts.getJson('remote-file', digest, remoteFileSchema)).base64, 'base64');
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }
}
