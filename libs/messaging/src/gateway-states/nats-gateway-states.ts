import { jetstream, JetStreamApiError } from '@nats-io/jetstream';
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  type Desired,
  desiredKey,
  desiredSchema,
  GATEWAYS_BUCKET,
  type Reported,
  reportedKey,
  reportedSchema,
} from '@gitway/contracts';
import { ConflictError } from '@gitway/errors';
import { logger } from '@gitway/observability';
import type { z } from 'zod';
import { GatewayStates, type StopWatching } from './gateway-states.ts';

/** JetStream's "wrong last sequence": somebody else wrote the key first. */
const WRONG_LAST_SEQUENCE = 10071;

const log = logger('gateway-states');

export class NatsGatewayStates extends GatewayStates {
  private bucket: Promise<KV> | null = null;

  constructor(private readonly connection: NatsConnection) {
    super();
  }

  async getDesired(environment: string, gateway: string): Promise<{ value: Desired; revision: number } | null> {
    const entry = await (await this.kv()).get(desiredKey(environment, gateway));
    const value = parse(entry, desiredSchema);
    return entry === null || value === null ? null : { value, revision: entry.revision };
  }

  async putDesired(desired: Desired, expectedRevision: number | null): Promise<number> {
    const key = desiredKey(desired.environment, desired.gateway);
    const bytes = JSON.stringify(desiredSchema.parse(desired));
    const kv = await this.kv();
    try {
      const revision = expectedRevision ?? (await this.revisionOfUnreadable(kv, key));
      return revision === null ? await kv.create(key, bytes) : await kv.update(key, bytes, revision);
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) {
        throw new ConflictError('desired-changed', `${key} was written by somebody else`, { cause: error });
      }
      throw error;
    }
  }

  /** A value that cannot be read counts as absent, for writing as well: or it would stand in the way for ever. */
  private async revisionOfUnreadable(kv: KV, key: string): Promise<number | null> {
    const entry = await kv.get(key);
    return entry !== null && entry.operation === 'PUT' && parse(entry, desiredSchema) === null ? entry.revision : null;
  }

  async getReported(environment: string, gateway: string): Promise<Reported | null> {
    return parse(await (await this.kv()).get(reportedKey(environment, gateway)), reportedSchema);
  }

  async putReported(reported: Reported): Promise<void> {
    await (
      await this.kv()
    ).put(reportedKey(reported.environment, reported.gateway), JSON.stringify(reportedSchema.parse(reported)));
  }

  async listDesired(): Promise<Desired[]> {
    return this.list('desired.>', desiredSchema);
  }

  async listReported(): Promise<Reported[]> {
    return this.list('reported.>', reportedSchema);
  }

  watchDesired(environment: string, gateway: string, onChange: (desired: Desired) => void): Promise<StopWatching> {
    return this.watch(desiredKey(environment, gateway), desiredSchema, onChange);
  }

  watchReported(onChange: (reported: Reported) => void): Promise<StopWatching> {
    return this.watch('reported.>', reportedSchema, onChange);
  }

  private kv(): Promise<KV> {
    this.bucket ??= new Kvm(jetstream(this.connection)).open(GATEWAYS_BUCKET, { allow_direct: true });
    return this.bucket;
  }

  private async list<T>(filter: string, schema: z.ZodType<T>): Promise<T[]> {
    const kv = await this.kv();
    const found: T[] = [];
    const keys: string[] = [];
    for await (const key of await kv.keys(filter)) keys.push(key);
    for (const key of keys) {
      const value = parse(await kv.get(key), schema);
      if (value !== null) found.push(value);
    }
    return found;
  }

  private async watch<T>(key: string, schema: z.ZodType<T>, onChange: (value: T) => void): Promise<StopWatching> {
    let stopped = false;
    let current: { stop(): void } | null = null;
    let timer: NodeJS.Timeout | undefined;
    let wake = () => {};
    const loop = (async () => {
      while (!stopped) {
        try {
          const entries = await (await this.kv()).watch({ key });
          current = entries;
          if (stopped) entries.stop();
          for await (const entry of entries) {
            const value = parse(entry, schema);
            if (value !== null && !stopped) onChange(value);
          }
        } catch (error) {
          log.warn({ err: error, key }, 'a watch ended; beginning it anew');
        }
        current = null;
        if (!stopped) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            timer = setTimeout(resolve, 250);
          });
        }
      }
    })();
    return async () => {
      stopped = true;
      clearTimeout(timer);
      wake();
      current?.stop();
      await loop;
    };
  }
}

function parse<T>(entry: Pick<KvEntry, 'operation' | 'value' | 'key'> | null, schema: z.ZodType<T>): T | null {
  if (entry === null || entry.operation !== 'PUT') return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(entry.value).toString('utf8')));
  } catch (error) {
    // Nobody but the owner can write here: this is a release that does not understand another's state.
    log.error({ err: error, key: entry.key }, 'a gateway state cannot be read and is taken as absent');
    return null;
  }
}
