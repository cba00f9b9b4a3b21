import type { EffectivePolicy } from '@gitway/contracts';
import { native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request, type Rule } from '../rule.ts';
import { safe } from '../syntax.ts';

type Balancing = NonNullable<EffectivePolicy['loadBalancing']>;

/** How a pool's target is chosen, and what keeps a caller at one. */
export const balancing: Policy = {
  capabilities: [
    native('api policy.loadBalancing.algorithm', '`balance`: `roundrobin`, `leastconn`, `random(2)`, `hash`'),
    native('api policy.loadBalancing.hash.by', 'consistent hash of it; in turn where a call does not have it'),
    native('api policy.loadBalancing.hash.name', '`req.fhdr`, `req.cook`'),
    native(
      'api policy.loadBalancing.sticky.cookie',
      '`cookie … insert indirect nocache httponly`: place of the target',
    ),
    native('api policy.loadBalancing.sticky.lifetimeMs', '`Max-Age`, in whole seconds'),
  ],
  check({ pools, policy: { loadBalancing: wanted, canary } }, on) {
    if (wanted === undefined) return;
    const { hash, sticky } = wanted;
    if (hash?.name !== undefined) {
      const field = 'policy.loadBalancing.hash.name';
      on.form('header', hash.name, field, 'must be letters, digits, `-` and `_`');
    }
    const named = hash === undefined || (hash.by !== 'header' && hash.by !== 'cookie') || hash.name !== undefined;
    on.require(named, 'policy.loadBalancing.hash.name', `is required with \`by: ${hash?.by}\``);
    const whole = wanted.algorithm !== 'hash' || hash !== undefined;
    on.require(whole, 'policy.loadBalancing.hash', 'is required with `algorithm: hash`');
    if (sticky === undefined) return;
    on.form('header', sticky.cookie, 'policy.loadBalancing.sticky.cookie', 'must be letters, digits, `-` and `_`');
    if (sticky.lifetimeMs !== undefined) {
      on.count(Math.ceil(sticky.lifetimeMs / 1000), 'policy.loadBalancing.sticky.lifetimeMs');
    }
    const shared = pools.filter(({ weight }) => weight > 0).length > 1;
    on.require(
      !shared || (canary !== undefined && canary.sticky !== 'none'),
      'policy.loadBalancing.sticky',
      'keeps a caller at a target of one pool, while weights send each call to another; set `canary.sticky`, or one pool',
    );
  },
  contribute({ api: { policy } }) {
    const wanted = policy.loadBalancing;
    if (wanted === undefined) return {};
    return {
      settings: [...algorithmOf(wanted), ...cookieOf(wanted)],
      rules: wanted.algorithm === 'hash' && wanted.hash?.by === 'consumer' ? consumerKey : [],
    };
  },
};

/** Whoever is unknown is told apart by address. */
const consumerKey: readonly Rule[] = [
  request('forward', 'set-var(txn.balance) var(txn.consumer)'),
  request('forward', 'set-var(txn.balance) src', '!{ var(txn.balance) -m len gt 0 }'),
];

function algorithmOf({ algorithm, hash }: Balancing): string[] {
  switch (algorithm) {
    case 'round-robin':
      return ['balance roundrobin'];
    case 'least-connections':
      return ['balance leastconn'];
    case 'random':
      return ['balance random(2)'];
    case 'hash':
      // Consistent: a target that goes takes its own callers elsewhere and nobody else's. It is also what lets targets be added.
      return [`balance hash ${hashOf(hash)}`, 'hash-type consistent djb2 avalanche'];
  }
}

function hashOf(hash: Balancing['hash']): string {
  const name = safe('header', hash?.name ?? 'x');
  switch (hash?.by) {
    case 'consumer':
      return 'var(txn.balance)';
    case 'header':
      return `req.fhdr(${name})`;
    case 'cookie':
      return `req.cook(${name})`;
    case 'path':
      return 'var(txn.path)';
    default:
      return 'src';
  }
}

function cookieOf({ sticky }: Balancing): string[] {
  if (sticky === undefined) return [];
  const { cookie, lifetimeMs } = sticky;
  const age = lifetimeMs === undefined ? '' : ` attr Max-Age=${Math.ceil(lifetimeMs / 1000)}`;
  return [`cookie ${safe('header', cookie)} insert indirect nocache httponly${age}`];
}
