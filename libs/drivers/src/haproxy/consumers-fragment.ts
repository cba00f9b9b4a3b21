import type { ConsumersUnit } from '@gitway/contracts';
import { safe } from './syntax.ts';

/** Key hash → `consumer|state|,plan,plan,`: one lookup says who calls and what is open to them. */
export function renderConsumers(unit: ConsumersUnit): (readonly [string, string])[] {
  return unit.consumers.flatMap((consumer) => {
    const plans = consumer.plans.map((plan) => safe('name', plan));
    const list = plans.length === 0 ? ',' : `,${plans.join(',')},`;
    const value = `${safe('name', consumer.name)}|${consumer.suspended ? 'suspended' : 'active'}|${list}`;
    return consumer.keyHashes.map((hash) => [safe('keyHash', hash), value] as const);
  });
}
