import { digestOfBytes, type ApiUnit, type Finding } from '@gitway/contracts';
import type { Located } from '../collect-files.ts';
import type { ApiDraft } from '../environment/compile-api.ts';
import type { DraftedEnvironment } from '../environment/compile-environment.ts';
import { shardKey, shardsOf, type ConsumerShard } from '../environment/compile-consumers.ts';
import type { CompileContext } from '../environment/context.ts';
import type { FilledIn } from '../environment/fill-in.ts';
import { policyLayers } from '../environment/policy/policy-layers.ts';
import type { DocumentReading } from '../openapi/document.ts';
import { readingKey } from '../openapi/read-documents.ts';
import { speaksOfSecret } from '../secrets/secret-findings.ts';

/** What was compiled of an API, as plain JSON. What its document says is kept with the document, once. */
interface KeptUnit {
  readonly unit: Omit<ApiUnit, 'openapi' | 'operations'>;
  readonly digest: string;
  readonly findings: readonly Finding[];
}

/**
 * Units of APIs in the lasting cache, each under the digest of all that it was made from: the API and its environment,
 * every policy and plan, certificates, and the files of its document. Only good ones are kept, and none that was made
 * from a file with a secret in it.
 */
export class KeptUnits {
  readonly #context: CompileContext;
  readonly #secret: ReadonlySet<string>;

  constructor(context: CompileContext, ofFiles: readonly Finding[]) {
    this.#context = context;
    this.#secret = new Set(
      ofFiles.filter(speaksOfSecret).flatMap(({ where: { file } }) => (file === undefined ? [] : [file])),
    );
  }

  /** Gives to drafts the units that are known of them. */
  async take(environments: readonly DraftedEnvironment[]): Promise<void> {
    const wanted = new Map<string, { draft: ApiDraft; reading: DocumentReading; environment: DraftedEnvironment }>();
    for (const environment of environments) {
      if (this.#holdsSecret(environment)) continue;
      for (const draft of environment.apis) {
        const reading = this.#readingOf(draft);
        if (reading === undefined || draft.last?.model === reading.model) continue;
        const key = this.#keyOf(draft, reading, environment);
        if (key !== undefined) wanted.set(key, { draft, reading, environment });
      }
    }
    const shards = environments.flatMap((environment) => this.#shardsOf(environment));
    const unknown = shards.filter((key) => this.#context.cache.get(key) === undefined);
    if (wanted.size + unknown.length === 0) return;
    const found = await this.#context.lasting.load([...wanted.keys(), ...new Set(unknown)]);
    for (const key of unknown) {
      const shard = found.get(key) as ConsumerShard | undefined;
      if (shard !== undefined) this.#context.shards.taken.set(key, shard);
    }
    for (const [key, { draft, reading, environment }] of wanted) {
      const kept = found.get(key) as KeptUnit | undefined;
      const { model } = reading;
      if (kept === undefined || model === null) continue;
      const { title, version, digest, operations } = model;
      const unit = { ...kept.unit, openapi: { title, version, digest }, operations: [...operations] } as ApiUnit;
      const layers = policyLayers(draft.filled, environment.context, []);
      const compiled = { unit, digest: kept.digest, filled: draft.filled, layers };
      draft.last = { model, finished: { compiled, findings: kept.findings }, kept: true };
    }
  }

  /** Keeps the units that were made in this compile. */
  save(environments: readonly DraftedEnvironment[]): void {
    const entries = new Map<string, object>();
    for (const environment of environments) {
      if (this.#holdsSecret(environment)) continue;
      for (const draft of environment.apis) {
        const reading = this.#readingOf(draft);
        const { last } = draft;
        if (reading === undefined || last === undefined || last.kept || last.model !== reading.model) continue;
        const { compiled, findings } = last.finished;
        const key = this.#keyOf(draft, reading, environment);
        draft.last = { ...last, kept: true };
        if (compiled === undefined || key === undefined) continue;
        const { openapi: _, operations: __, ...unit } = compiled.unit;
        entries.set(key, { unit, digest: compiled.digest, findings } satisfies KeptUnit);
      }
    }
    const mayBeKept = new Set(environments.flatMap((environment) => this.#shardsOf(environment)));
    for (const [key, shard] of this.#context.shards.made) if (mayBeKept.has(key)) entries.set(key, shard);
    if (entries.size > 0) this.#context.lasting.save(entries);
  }

  /** Keys of the shards of an environment's consumers. */
  #shardsOf({ environment, consumers }: DraftedEnvironment): string[] {
    if (this.#isSecret(environment)) return [];
    return [...shardsOf(consumers)]
      .filter(([, members]) => !members.some((member) => this.#isSecret(member)))
      .map(([name, members]) => shardKey(name, members));
  }

  #readingOf({ document }: ApiDraft): DocumentReading | undefined {
    return document === undefined ? undefined : this.#context.documents.get(document.id);
  }

  #keyOf({ filled, document }: ApiDraft, reading: DocumentReading, of: DraftedEnvironment): string | undefined {
    if (document === undefined || reading.model === null) return undefined;
    if (this.#isSecret(filled)) return undefined;
    const ofDocument = readingKey(document.id, document.path, reading, this.#context);
    if (ofDocument === undefined) return undefined;
    return `unit:${digestOfBytes([of.environment.id, of.context.id, filled.id, ofDocument].join('\n'))}`;
  }

  /** What an environment, its policies and its plans say may be in every unit. */
  #holdsSecret({ environment, policies, plans }: DraftedEnvironment): boolean {
    return this.#secret.size > 0 && [environment, ...policies, ...plans].some((each) => this.#isSecret(each));
  }

  #isSecret({ resource }: Located | FilledIn): boolean {
    return this.#secret.size > 0 && this.#secret.has(resource.file.path);
  }
}
