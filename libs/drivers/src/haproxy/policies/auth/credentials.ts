import type { ConsumersUnit, ConsumerEntry } from '@gitway/contracts';
import { createHash } from 'node:crypto';
import type { MapEntry } from '../../policy.ts';
import { mapNamed } from '../../rule.ts';
import { shortDigest } from '../../scope.ts';
import { safe } from '../../syntax.ts';
import { lookUp, next, type Step } from './method.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const NEVER = 99_999_999_999;

/** Tokens of one issuer that name their caller by one claim. */
const family = (issuer: string, claim: string) => `t${shortDigest([issuer, claim], 16)}`;

/** Who is named by a claim, among the consumers that list issuer, claim and value; `txn.subject` is what it says. */
export const callerLookUp = (issuer: string, claim: string, expression: string): Step[] => [
  next('unset-var(txn.subject)'),
  // As text, also where it is a number.
  next(`set-var(txn.subject) ${expression},concat()`),
  next(`set-var-fmt(txn.named) ${family(issuer, claim)}.%[var(txn.subject),sha2(256),hex,lower]`),
  lookUp(`var(txn.named),map_str(${mapNamed('callers')})`),
];

/**
 * `consumer|state|,plan,plan,|last second|mark` under each of its credentials: one lookup says who calls and what is
 * open to them. What a caller sends is hashed first where it may hold anything, so that it is one word of a map.
 */
export function renderConsumers(unit: ConsumersUnit): MapEntry[] {
  return unit.consumers.flatMap((consumer) => {
    const record = recordOf(consumer);
    return [
      ...consumer.keyHashes.map((hash) => ({
        map: 'keys',
        key: safe('keyHash', hash),
        value: record(consumer.keyExpiries?.[hash]),
      })),
      ...(consumer.jwt ?? []).map(({ issuer, claim, value }) => ({
        map: 'callers',
        key: `${family(issuer, claim)}.${sha256(value)}`,
        value: record(),
      })),
      ...(consumer.mtls ?? []).map(({ by, value }) => ({
        map: 'certificates',
        key: `${by}.${by === 'sha256' ? safe('keyHash', value) : sha256(by === 'dns' ? value.toLowerCase() : value)}`,
        value: record(),
      })),
      ...Object.entries(consumer.basic ?? {}).map(([user, hash]) => ({
        map: 'passwords',
        key: sha256(user),
        value: `${record()}|${shortDigest([user, hash], 16)}`,
      })),
    ];
  });
}

/** @returns the record, with the last second of the day until which it is good */
function recordOf(consumer: ConsumerEntry): (lastDay?: string) => string {
  const plans = consumer.plans.map((plan) => safe('name', plan));
  const list = plans.length === 0 ? ',' : `,${plans.join(',')},`;
  const own = `${safe('name', consumer.name)}|${consumer.suspended ? 'suspended' : 'active'}|${list}`;
  return (lastDay) => `${own}|${lastDay === undefined ? NEVER : Date.parse(`${lastDay}T23:59:59Z`) / 1000}`;
}
