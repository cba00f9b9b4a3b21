import { createHash } from 'node:crypto';
import { digestOf, digestOfBytes, type ConsumerEntry, type ConsumersUnit, type Finding } from '@gitway/contracts';
import type { ConsumerResource } from '@gitway/resources';
import { compare, finding } from '../findings.ts';
import type { CompileContext } from './context.ts';
import type { FilledIn } from './fill-in.ts';

/** Consumers in shards by the first two hex digits of the SHA-256 of their names. Expects them in order of name. */
export function compileConsumers(consumers: readonly FilledIn[], context: CompileContext) {
  const findings: Finding[] = [];
  const bearers = new Map<string, FilledIn>();
  for (const consumer of consumers) {
    findings.push(...consumer.findings);
    if (consumer.spec === null) continue;
    const spec = consumer.spec as ConsumerResource['spec'];
    (spec.plans ?? []).forEach((name, index) => {
      const unknown = context.index.unknownReference('Plan', name, () => consumer.placeOf(['spec', 'plans', index]));
      if (unknown !== undefined) findings.push(unknown);
    });
    (spec.credentials?.apiKeys ?? []).forEach(({ sha256 }, index) => {
      const hash = sha256.toLowerCase();
      const bearer = bearers.get(hash);
      if (bearer === undefined) bearers.set(hash, consumer);
      else if (bearer !== consumer) findings.push(sharedKey(consumer, bearer, index));
    });
  }
  const units = [...shardsOf(consumers)]
    .sort(([a], [b]) => compare(a, b))
    .map(([name, members]) => shardUnit(name, members, context));
  return { units, findings };
}

/** One shard of consumers, compiled. */
export interface ConsumerShard {
  readonly unit: ConsumersUnit;
  readonly digest: string;
}

/** Consumers that are valid, by the name of their shard. */
export function shardsOf(consumers: readonly FilledIn[]): Map<string, FilledIn[]> {
  const shards = new Map<string, FilledIn[]>();
  for (const consumer of consumers) {
    if (consumer.spec === null) continue;
    const shard = shardOf(consumer.resource.name);
    const members = shards.get(shard);
    if (members === undefined) shards.set(shard, [consumer]);
    else members.push(consumer);
  }
  return shards;
}

export const shardKey = (name: string, members: readonly FilledIn[]) =>
  `consumers:${name}:${digestOfBytes(members.map((member) => member.id).join('\n'))}`;

const shardNames = new Map<string, string>();

function shardOf(name: string): string {
  const known = shardNames.get(name);
  if (known !== undefined) return known;
  if (shardNames.size > 200_000) shardNames.clear();
  const shard = createHash('sha256').update(name).digest('hex').slice(0, 2);
  shardNames.set(name, shard);
  return shard;
}

function shardUnit(name: string, members: readonly FilledIn[], { cache, shards, runs }: CompileContext): ConsumerShard {
  const key = shardKey(name, members);
  const kept = (cache.get(key) as ConsumerShard | undefined) ?? shards.taken.get(key);
  if (kept !== undefined) {
    cache.set(key, kept);
    return kept;
  }
  runs.units++;
  const unit: ConsumersUnit = {
    kind: 'consumers',
    name,
    consumers: members.map(({ resource, spec }) => {
      const { owner, credentials, plans, suspended } = spec as ConsumerResource['spec'];
      return {
        name: resource.name,
        owner: owner ?? resource.value.metadata.annotations?.['gitway.dev/owner'] ?? null,
        ...credentialsOf(credentials),
        plans: [...(plans ?? [])].sort(compare),
        suspended: suspended ?? false,
      };
    }),
  };
  const made = { unit, digest: digestOf(unit) };
  cache.set(key, made);
  shards.made.set(key, made);
  return made;
}

function sharedKey(consumer: FilledIn, bearer: FilledIn, index: number): Finding {
  const path = ['spec', 'credentials', 'apiKeys', index, 'sha256'];
  const message = `Consumer \`${bearer.resource.name}\` has the same key; a call with it could be either's.`;
  return {
    ...finding(
      'duplicate-credential',
      'error',
      consumer.placeOf(path),
      message,
      'Give each consumer a key of its own.',
    ),
    related: [{ where: bearer.placeOf(['metadata', 'name']), message: 'The other bearer is here.' }],
  };
}

type Credentials = ConsumerResource['spec']['credentials'];

function credentialsOf(credentials: Credentials): Omit<ConsumerEntry, 'name' | 'owner' | 'plans' | 'suspended'> {
  const { apiKeys = [], jwt = [], mtls = [], basic = [] } = credentials ?? {};
  const expiries = apiKeys.flatMap(({ sha256, expires }) =>
    expires === undefined ? [] : [[sha256.toLowerCase(), expires] as const],
  );
  return {
    keyHashes: [...new Set(apiKeys.map(({ sha256 }) => sha256.toLowerCase()))].sort(compare),
    ...(expiries.length === 0 ? {} : { keyExpiries: Object.fromEntries(expiries) }),
    ...(jwt.length === 0 ? {} : { jwt: jwt.map(({ issuer, claim = 'sub', value }) => ({ issuer, claim, value })) }),
    ...(mtls.length === 0 ? {} : { mtls: mtls.map(certificateOf) }),
    ...(basic.length === 0
      ? {}
      : { basic: Object.fromEntries(basic.map(({ username, passwordHash }) => [username, passwordHash])) }),
  };
}

function certificateOf({ subject, dns, sha256 }: NonNullable<NonNullable<Credentials>['mtls']>[number]) {
  if (subject !== undefined) return { by: 'subject' as const, value: subject };
  if (dns !== undefined) return { by: 'dns' as const, value: dns.toLowerCase() };
  return { by: 'sha256' as const, value: sha256!.toLowerCase() };
}
