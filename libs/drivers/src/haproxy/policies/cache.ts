import type { EffectivePolicy } from '@gitway/contracts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy, SharedLines } from '../policy.ts';
import { quoted } from '../syntax.ts';

type Cache = NonNullable<EffectivePolicy['cache']>;

const MOST_BYTES = 1_000_000;
const SECTION_MB = 8;

/**
 * Answers that the gateway keeps, in a store for each lifetime and size. HAProxy keys its store by host and path alone,
 * so while it looks, what tells answers apart stands in place of the path: the API, the consumer and the headers named.
 * These rules stand in the backend: HAProxy's actions of the cache find their store nowhere else.
 */
export const cache: Policy = {
  capabilities: [
    native(
      'api policy.cache.ttlMs',
      'whole seconds; shorter where the answer says so; none where it is `private` or `no-store`',
    ),
    native('api policy.cache.methods', 'answers to GET are kept, and answer HEAD as well'),
    native('api policy.cache.statuses', '200 alone'),
    native(
      'api policy.cache.vary',
      'part of the key; a `Vary` of the answer may name these or Accept-Encoding, Origin, Referer',
    ),
    native('api policy.cache.maxBodyBytes', '`max-object-size`, up to 1 MB'),
  ],
  check(api, on) {
    checkCache(api.policy.cache, 'policy.cache', on);
    for (const [id, override] of Object.entries(api.policy.operations ?? {})) {
      checkCache(override.cache, `policy.operations.${id}.cache`, on);
    }
  },
  contribute(scope) {
    const variants = scope
      .each(({ policy }) => ({ cache: policy.cache ?? null, known: policy.auth.kind !== 'none' }))
      .flatMap(({ value: { cache: declared, known }, when }) =>
        declared === null ? [] : [{ cache: declared, known, when }],
      );
    if (variants.length === 0) return {};
    const names = [...new Set(variants.map((variant) => nameOf(variant.cache)))];
    return {
      shared: variants.map((variant) => section(variant.cache)),
      backend: [
        ...names.map((name) => `filter cache ${name}`),
        ...variants.flatMap(({ cache: declared, known, when }) => look(declared, known, when)),
        `http-request set-pathq %[var(txn.pathq)] if ${kept}`,
        ...variants.flatMap(({ cache: declared, when }) => keep(declared, when)),
        'http-after-response del-header cache-control if { res.hdr(cache-control) -m str gitway }',
      ],
    };
  },
};

const nameOf = ({ ttlMs, maxBodyBytes }: Cache) => `kept_${ttlMs / 1000}_${maxBodyBytes}`;
const kept = '{ var(txn.pathq) -m found }';

const section = (declared: Cache): SharedLines => ({
  section: 'sections',
  key: nameOf(declared),
  lines: [
    `cache ${nameOf(declared)}`,
    `    total-max-size ${SECTION_MB}`,
    `    max-age ${declared.ttlMs / 1000}`,
    `    max-object-size ${declared.maxBodyBytes}`,
    '    process-vary on',
  ],
});

function checkCache(declared: Cache | undefined, field: string, on: Checker): void {
  if (declared === undefined) return;
  const { ttlMs, methods, statuses, vary, maxBodyBytes } = declared;
  on.time(ttlMs, `${field}.ttlMs`);
  on.require(ttlMs % 1000 === 0, `${field}.ttlMs`, 'must be whole seconds');
  on.require(methods.includes('GET'), `${field}.methods`, 'must name GET: what is kept are answers to GET');
  on.require(
    statuses.every((status) => status === 200),
    `${field}.statuses`,
    'may be 200 alone: HAProxy keeps no other answers',
  );
  vary.forEach((name, index) =>
    on.form('header', name, `${field}.vary[${index}]`, 'must be letters, digits, `-` and `_`'),
  );
  on.count(maxBodyBytes, `${field}.maxBodyBytes`, MOST_BYTES);
}

/** Looks into the store. Of an API that knows its callers, answers belong to one consumer; nobody else's are kept. */
function look({ methods, vary, statuses, ...rest }: Cache, known: boolean, when: readonly string[]): string[] {
  if (statuses.length === 0) return [];
  const method = methods.includes('HEAD') ? '{ method GET HEAD }' : '{ method GET }';
  const once = vary.map((name) => `!{ req.fhdr_cnt(${name}) gt 1 }`);
  const caller = known ? ['{ var(txn.consumer) -m found }'] : [];
  const parts = [
    '%[var(txn.api)]',
    known ? '%[var(txn.consumer)]' : '-',
    ...vary.map((name) => `%[req.fhdr(${name}),sha1,hex]`),
  ];
  return [
    `http-request set-var(txn.pathq) pathq if ${[...when, method, ...caller, ...once].join(' ')}`,
    `http-request set-var-fmt(txn.cache_key) /${parts.join('|')}|%[var(txn.host)]|%[var(txn.pathq)] if ${[...when, kept].join(' ')}`,
    `http-request set-pathq %[var(txn.cache_key)] if ${[...when, kept].join(' ')}`,
    `http-request cache-use ${nameOf({ methods, vary, statuses, ...rest })} if ${[...when, kept].join(' ')}`,
  ];
}

/** Puts an answer into the store. One that says nothing of its age is good for the whole time, which callers are not told. */
function keep(declared: Cache, when: readonly string[]): string[] {
  const { ttlMs, vary, statuses } = declared;
  if (statuses.length === 0) return [];
  const here = [...when, kept].join(' ');
  const own = vary.join('|');
  const stands = '{ var(txn.vary) -m found }';
  return [
    `http-response set-header cache-control 'max-age=${ttlMs / 1000}, gitway' if ${here} !{ res.fhdr(cache-control) -m found } !{ res.fhdr(expires) -m found }`,
    // What the key already tells apart need not keep the answer out.
    ...(vary.length === 0
      ? []
      : [
          `http-response set-var(txn.vary) res.fhdr(vary) if ${here} { res.fhdr_cnt(vary) eq 1 } { res.fhdr(vary) -m reg -i -- ${quoted(`^(${own})( *, *(${own}))*$`)} }`,
          `http-response del-header vary if ${here} ${stands}`,
        ]),
    `http-response cache-store ${nameOf(declared)} if ${here} !{ res.fhdr(set-cookie) -m found }`,
    ...(vary.length === 0 ? [] : [`http-after-response add-header vary ${quoted(vary.join(', '))} if ${here}`]),
  ];
}
