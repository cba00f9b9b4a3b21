import { AckPolicy, DeliverPolicy, DiscardPolicy, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { nanos } from '@nats-io/nats-core';
import { Objm } from '@nats-io/obj';
import {
  ARTIFACTS_BUCKET,
  artifactOwners,
  COMPILED_BUCKET,
  COMPILED_MAX_AGE_MS,
  COMPILED_MAX_BYTES,
  GATEWAYS_BUCKET,
  largeArtifactsBucket,
  owners,
} from '@gitway/contracts';
import { connectNats, type NatsOptions } from '../bus/nats-connection.ts';
import { ACK_WAIT_MS, type ConsumerRef } from '../bus/message-bus.ts';
import { consumersOf, type StreamPlan, streamPlans } from './topology.ts';

export interface ProvisionOptions extends NatsOptions {
  /** Copies of each stream in a cluster: 1 on one machine, 3 in production. */
  readonly replicas?: number;
}

/**
 * Creates or updates every stream, consumer and bucket. Run by an administrator's user at each start or release;
 * services have no right to do so. Running it again changes nothing.
 */
export async function provisionMessaging(options: ProvisionOptions): Promise<void> {
  const replicas = options.replicas ?? 1;
  const connection = await connectNats(options);
  try {
    const manager = await jetstreamManager(connection, { timeout: 10_000 });
    for (const plan of streamPlans()) await ensureStream(manager, plan, replicas);
    for (const owner of owners) {
      for (const ref of consumersOf(owner)) await ensureConsumer(manager, ref);
    }
    const kvm = new Kvm(connection);
    await kvm.create(GATEWAYS_BUCKET, { history: 8, replicas });
    await kvm.create(ARTIFACTS_BUCKET, { history: 1, replicas });
    await kvm.create(COMPILED_BUCKET, { history: 1, replicas });
    await boundCompiled(manager);
    const objm = new Objm(connection);
    for (const owner of new Set(Object.values(artifactOwners))) {
      await objm.create(largeArtifactsBucket(owner), { replicas });
    }
  } finally {
    await connection.close();
  }
}

/** A bucket of the client's own making is full one day and takes nothing more; this one lets the oldest go. */
async function boundCompiled(manager: JetStreamManager): Promise<void> {
  const name = `KV_${COMPILED_BUCKET}`;
  const { config } = await manager.streams.info(name);
  await manager.streams.update(name, {
    ...config,
    max_age: nanos(COMPILED_MAX_AGE_MS),
    max_bytes: COMPILED_MAX_BYTES,
    discard: DiscardPolicy.Old,
  });
  // Where they were kept before, for ever.
  await manager.streams.purge(`KV_${ARTIFACTS_BUCKET}`, { filter: `$KV.${ARTIFACTS_BUCKET}.compiled.>` });
}

async function ensureStream(manager: JetStreamManager, plan: StreamPlan, replicas: number): Promise<void> {
  const config = {
    subjects: plan.subjects,
    max_age: nanos(plan.maxAgeMs),
    max_bytes: plan.maxBytes,
    duplicate_window: nanos(plan.duplicateWindowMs),
    num_replicas: replicas,
    allow_direct: true,
  };
  try {
    await manager.streams.info(plan.name);
  } catch {
    await manager.streams.add({ name: plan.name, ...config });
    return;
  }
  await manager.streams.update(plan.name, config);
}

async function ensureConsumer(manager: JetStreamManager, ref: ConsumerRef): Promise<void> {
  const changeable = { ack_wait: nanos(ACK_WAIT_MS), max_ack_pending: 256, max_deliver: -1 };
  try {
    const info = await manager.consumers.info(ref.stream, ref.durable);
    if (info.config.filter_subject === ref.filter) {
      await manager.consumers.update(ref.stream, ref.durable, changeable);
      return;
    }
    await manager.consumers.delete(ref.stream, ref.durable);
  } catch {
    // There is none yet.
  }
  await manager.consumers.add(ref.stream, {
    durable_name: ref.durable,
    filter_subject: ref.filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ...changeable,
  });
}
