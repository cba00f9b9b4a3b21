import type { ConsumersUnit } from '@gitway/contracts';
import type { MapEntry } from './policy.ts';
import { safe } from './syntax.ts';

/** Key hash → `consumer|state|,plan,plan,`: one lookup says who calls and what is open to them. */
export function renderConsumers(unit: ConsumersUnit): MapEntry[] {
  return unit.consumers.flatMap((consumer) => {
    const plans = consumer.plans.map((plan) => safe('name', plan));
    const list = plans.length === 0 ? ',' : `,${plans.join(',')},`;
    const value = `${safe('name', consumer.name)}|${consumer.suspended ? 'suspended' : 'active'}|${list}`;
    return consumer.keyHashes.map((hash) => ({ map: 'keys', key: safe('keyHash', hash), value }));
  });
}
