import type { Unit } from '@gitway/contracts';
import { fieldChanges } from '../diff/field-changes.ts';
import { isEqual, type Json, memberOf, numberOf } from '../diff/json.ts';
import { noField, shownField, type Told, type Touches } from '../told.ts';
import { always, fromTo, type Judge } from '../words/judged.ts';
import { describeLimits, judgeLimits } from '../words/limits.ts';
import { allowList } from '../words/lists.ts';
import { counted, showValue } from '../words/show-value.ts';

type Other = Exclude<Unit, { kind: 'api' | 'consumers' }>;

/** What a kind of unit is told with. A field that is not named here is told as it stands. */
interface Words {
  readonly come: (unit: Json) => Pick<Told, 'says' | 'notice' | 'severity'>;
  readonly gone: (unit: Json) => Pick<Told, 'says' | 'notice' | 'severity'>;
  readonly fields: Readonly<Record<string, Judge>>;
  readonly other: Judge;
}

const platform = always('platform', 'neutral');

const gatewaysOfEnvironment: Judge = (from, to, path) => ({
  ...allowList('gateways', 'none')(from, to, path),
  notice: 'gateways',
  severity: 'neutral',
});

const listener: Judge = (from, to, path) => {
  const at = (value: Json | undefined) => `port ${numberOf(memberOf(value, 'port')) ?? '?'}`;
  const notice = 'callers';
  if (from === undefined) return { says: `listener new: ${at(to)}`, notice, severity: 'widening' };
  if (to === undefined) return { says: `listener gone: ${at(from)}`, notice, severity: 'breaking' };
  return { says: fromTo('listener', from, to, path), notice, severity: 'unknown' };
};

const words: Readonly<Record<string, Words>> = {
  plan: {
    come: (unit) => ({ says: `new: ${limitsOfPlan(unit)}`, notice: 'callers', severity: 'widening' }),
    gone: () => ({ says: 'gone: it opens nothing any more', notice: 'callers', severity: 'breaking' }),
    fields: { rateLimits: judgeLimits, quotas: judgeLimits },
    other: always('callers', 'unknown'),
  },
  gateway: {
    come: (unit) => ({
      says: `new: ${showValue(memberOf(unit, 'driver'), '') ?? 'gateway'}`,
      notice: 'gateways',
      severity: 'neutral',
    }),
    gone: () => ({ says: 'gone: it is told nothing any more', notice: 'gateways', severity: 'neutral' }),
    fields: {
      driver: always('gateways', 'unknown', 'driver'),
      listeners: listener,
      'listeners.port': always('callers', 'breaking', 'listener moved: port'),
      'listeners.protocol': always('callers', 'breaking', 'listener speaks'),
      address: platform,
    },
    other: always('gateways', 'unknown'),
  },
  environment: {
    come: (unit) => ({
      says: `new: ${counted(namesIn(unit, 'gateways').length, 'gateway')}`,
      notice: 'platform',
      severity: 'neutral',
    }),
    gone: () => ({ says: 'gone', notice: 'platform', severity: 'neutral' }),
    fields: { gateways: gatewaysOfEnvironment },
    other: platform,
  },
};
/** Kinds that concern nobody who calls until somebody says otherwise. */
const anyWords: Words = {
  come: () => ({ says: 'new', notice: 'platform', severity: 'neutral' }),
  gone: () => ({ says: 'gone', notice: 'platform', severity: 'neutral' }),
  fields: {},
  other: platform,
};

const limitsOfPlan = (unit: Json) => describeLimits(memberOf(unit, 'rateLimits'));
const namesIn = (unit: Json, member: string) => {
  const found = memberOf(unit, member);
  return Array.isArray(found) ? (found as Json[]) : [];
};

/** Fields of these units that are told as one thing. */
const isWhole = (path: string) =>
  /^(rateLimits|quotas|gateways|trustedProxies|freeze|rollout|match|quietHours)$/.test(path);

/**
 * A unit of any kind that is neither an API nor a shard of consumers: one that came, went, or differs.
 *
 * @param touches of a plan: the APIs that it opens and the consumers that hold it
 */
export function tellUnit(before: Other | undefined, after: Other | undefined, touches: Touches): Told[] {
  const unit = (after ?? before)!;
  const { kind, name } = unit;
  const { come, gone, fields, other } = Object.hasOwn(words, kind) ? words[kind]! : anyWords;
  const whose: Touches = kind === 'gateway' ? { ...touches, gateways: [name] } : touches;
  const base = { kind, name, touches: whose };
  if (before === undefined) return [{ ...base, change: 'added', ...noField, ...come(unit), many: 'new' }];
  if (after === undefined) return [{ ...base, change: 'removed', ...noField, ...gone(unit), many: 'gone' }];
  return fieldChanges(before as Json, after as Json, { whole: isWhole }).map((change): Told => {
    const field = change.path.replaceAll(/\[[^\]]*\]/g, '').replace(/ \(order\)$/, '');
    const judge = Object.hasOwn(fields, field) ? fields[field]! : other;
    const shown = shownField(change);
    if (judge === judgeLimits)
      Object.assign(shown, { from: describeLimits(change.from), to: describeLimits(change.to) });
    const judged = judge(change.from, change.to, change.path);
    const order = change.path.endsWith('(order)') || isEqual(change.from, change.to);
    return {
      ...base,
      change: 'changed',
      ...shown,
      ...judged,
      ...(order && { severity: 'neutral' as const }),
      many: `${field} differs`,
    };
  });
}

export const gatewayNames = (unit: Unit | undefined): string[] =>
  unit?.kind === 'environment' ? [...unit.gateways] : [];
