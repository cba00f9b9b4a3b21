import type { EffectivePolicy } from '@gitway/contracts';
import { denial } from '../answers.ts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { afterResponse, mapNamed, request, type Rule } from '../rule.ts';
import { fits, formatted, quoted } from '../syntax.ts';
import { oneOf } from './word-lists.ts';

type Cors = NonNullable<EffectivePolicy['cors']>;

const refused = { status: 403, slug: 'origin-refused', title: 'Pages of this origin may not call the API.' };
const preflight = '{ var(txn.preflight) -m found }';
const allowed = '{ var(txn.origin) -m found }';

/**
 * Calls from pages of other origins. Preflights are answered here, before a credential is asked for; what is said to the
 * page stands on every answer, the gateway's own as well. Calls from other origins are served: the browser keeps their
 * answers from the page, and their preflights are refused.
 */
export const cors: Policy = {
  capabilities: [
    native('api policy.cors.origins', 'compared whole; `*.`: any subdomain; `Vary: Origin` unless it is `*`'),
    native('api policy.cors.methods', 'told in answers to preflights, which are 204'),
    native('api policy.cors.headers', 'told in answers to preflights; none given: those that are asked for'),
    native('api policy.cors.exposeHeaders', 'told on every answer to an allowed origin'),
    native('api policy.cors.credentials', 'told on every answer to an allowed origin'),
    native('api policy.cors.maxAgeMs', 'in seconds, rounded down'),
  ],
  check(api, on) {
    checkCors(api.policy.cors, 'policy.cors', on);
    for (const [id, override] of Object.entries(api.policy.operations ?? {})) {
      checkCors(override.cors, `policy.operations.${id}.cors`, on);
    }
  },
  contribute(scope) {
    const variants = scope.each(({ policy }) => policy.cors);
    if (variants.every(({ value }) => value === undefined)) return {};
    const apart = variants.length > 1;
    const declared = variants.flatMap(({ value, when }) => (value === undefined ? [] : [{ value, when }]));
    return {
      rules: [
        request(
          'operation',
          'set-var(txn.preflight) bool(true)',
          '{ method OPTIONS }',
          '{ req.fhdr(origin) -m found }',
          '{ req.fhdr(access-control-request-method) -m found }',
        ),
        ...(apart ? askedOperation : []),
        ...declared.flatMap(({ value, when }) => originRules(value, when)),
        ...declared.flatMap(({ value, when }) => preflightRules(value, when)),
        ...(apart ? [request('preflight', 'set-var(txn.group) var(txn.called)', preflight)] : []),
        ...declared.flatMap(({ value, when }) => answerRules(value, when)),
      ],
    };
  },
};

/** A preflight is about the operation that the page means to call. */
const askedOperation: readonly Rule[] = [
  request('operation', 'set-var(txn.called) var(txn.group)', preflight),
  request('operation', 'set-var(txn.asked) req.fhdr(access-control-request-method)', preflight),
  request(
    'operation',
    `set-var(txn.group) var(txn.leaf),concat(@,txn.asked),map_str(${mapNamed('operations')},0),field(1,|)`,
    preflight,
  ),
];

const originForm = /^(\*|null|https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?)$/i;

function checkCors(declared: Cors | undefined, field: string, on: Checker): void {
  if (declared === undefined) return;
  const { origins, methods, headers, exposeHeaders, credentials } = declared;
  origins.forEach((origin, index) =>
    on.require(
      originForm.test(origin),
      `${field}.origins[${index}]`,
      'must be an origin, as in https://app.example.com',
    ),
  );
  on.require(!credentials || !origins.includes('*'), `${field}.credentials`, 'need origins that are named');
  methods.forEach((method, index) => on.form('method', method, `${field}.methods[${index}]`, 'must be a method'));
  for (const [at, names] of Object.entries({ headers, exposeHeaders })) {
    names.forEach((name, index) =>
      on.require(fits('fieldName', name), `${field}.${at}[${index}]`, 'must be a header name'),
    );
  }
}

/** Leaves in `txn.origin` what the page is told, if it may be told anything. */
function originRules({ origins }: Cors, when: readonly string[]): Rule[] {
  const own = '{ req.fhdr(origin) -m found }';
  if (origins.includes('*')) return [request('operation', 'set-var(txn.origin) str(*)', ...when, own)];
  const names = origins.map((origin) => origin.toLowerCase());
  const set = 'set-var(txn.origin) req.fhdr(origin)';
  return [
    ...oneOf(
      'operation',
      set,
      'req.fhdr(origin) -m str',
      names.filter((name) => !name.includes('*')),
      when,
    ),
    ...names
      .filter((name) => name.includes('*'))
      .map((name) => request('operation', set, ...when, `{ req.fhdr(origin) -m reg -- ${quoted(subdomains(name))} }`)),
  ];
}

/** `https://*.example.com` as a pattern; each label ends where the next begins, so it is read once. */
const subdomains = (origin: string) => `^${origin.replaceAll('.', '\\.').replace('*\\.', '([a-z0-9_-]+\\.)+')}$`;

function preflightRules(declared: Cors, when: readonly string[]): Rule[] {
  const { methods, headers, maxAgeMs } = declared;
  const wanted = '{ req.fhdr(access-control-request-headers) -m found }';
  const answer = (allowHeaders: string) =>
    `return status 204${methods.length === 0 ? '' : ` hdr access-control-allow-methods ${quoted(methods.join(', '))}`}${allowHeaders} ` +
    `hdr access-control-max-age ${Math.floor(maxAgeMs / 1000)}`;
  const to = [...when, preflight, allowed];
  const named = ` hdr access-control-allow-headers ${formatted(headers.join(', '))}`;
  return [
    ...(headers.length > 0
      ? [request('preflight', answer(named), ...to)]
      : [
          request(
            'preflight',
            answer(' hdr access-control-allow-headers %[req.fhdr(access-control-request-headers)]'),
            ...to,
            wanted,
          ),
          request('preflight', answer(''), ...to),
        ]),
    request('preflight', denial(refused), ...when, preflight),
  ];
}

function answerRules({ origins, exposeHeaders, credentials }: Cors, when: readonly string[]): Rule[] {
  const to = [...when, allowed];
  const exposed = formatted(exposeHeaders.join(', '));
  return [
    // What the upstream says of CORS would stand beside it.
    afterResponse('del-header access-control- -m beg', ...when, `!${preflight}`),
    afterResponse('set-header access-control-allow-origin %[var(txn.origin)]', ...to),
    ...(credentials ? [afterResponse('set-header access-control-allow-credentials true', ...to)] : []),
    ...(exposeHeaders.length > 0
      ? [afterResponse(`set-header access-control-expose-headers ${exposed}`, ...to, `!${preflight}`)]
      : []),
    ...(origins.includes('*')
      ? []
      : [afterResponse('add-header vary origin', ...when, '!{ res.hdr(vary) -m str -i origin }')]),
  ];
}
