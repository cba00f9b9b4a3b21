import type { EffectivePolicy } from '@gitway/contracts';
import { denial } from '../answers.ts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import { MAX_COUNT } from '../names.ts';
import type { Contribution, Policy } from '../policy.ts';
import { request, type Rule } from '../rule.ts';
import { quoted } from '../syntax.ts';

type Limits = NonNullable<EffectivePolicy['request']>;

/** Bodies up to here are measured even where nothing says how long they are; HAProxy holds 16 KB of a request. */
const MEASURED = 4096;
const HEADERS_BESIDE = 8192;

const tooLarge = { status: 413, slug: 'body-too-large', title: 'The body is larger than the API takes.' };
const lengthMissing = { status: 411, slug: 'length-required', title: 'The request has to say how long its body is.' };
const tooLong = { status: 414, slug: 'url-too-long', title: 'Path and query are longer than the API takes.' };
const tooMany = { status: 431, slug: 'headers-too-large', title: 'The headers are more than the API takes.' };
const wrongType = { status: 415, slug: 'media-type', title: 'The API takes no bodies of this media type.' };

/** What one request may weigh. */
export const requestLimits: Policy = {
  capabilities: [
    native('api policy.request.bodyBytes', '413; of unknown length: measured up to 4 KB, beyond that 411'),
    native('api policy.request.headersBytes', '431; all lines with their ends, as the client sent them'),
    native('api policy.request.headerCount', '431'),
    native('api policy.request.urlBytes', '414; path and query'),
    native('api policy.request.contentTypes', '415 for bodies of other types, of none or of several'),
  ],
  check(api, on) {
    checkLimits(api.policy.request, 'policy.request', on);
    for (const [id, override] of Object.entries(api.policy.operations ?? {})) {
      checkLimits(override.request, `policy.operations.${id}.request`, on);
    }
  },
  contribute(scope) {
    const variants = scope.each(({ policy }) => policy.request);
    const weighed = scope.groups.some(
      ({ policy: { request: own } }) => own?.headersBytes !== undefined || own?.headerCount !== undefined,
    );
    return {
      rules: variants.flatMap(({ value, when }) => (value === undefined ? [] : rulesOf(value, when))),
      shared: weighed ? [arrival] : [],
    } satisfies Contribution;
  },
};

/** Before the gateway adds headers of its own. */
const arrival = {
  section: 'arrival',
  key: 'weight',
  lines: [
    '    http-request set-var(txn.headers_bytes) req.hdrs,length,sub(2)',
    '    http-request set-var(txn.header_count) req.fhdr_cnt',
  ],
} as const;

const mediaType = /^[a-z0-9!#$&^_.+-]+\/(?:[a-z0-9!#$&^_.+-]+|\*)$/;

function checkLimits(limits: Limits | undefined, field: string, on: Checker): void {
  if (limits === undefined) return;
  const { contentTypes = [], ...counts } = limits;
  for (const [at, count = 1] of Object.entries(counts))
    on.count(count, `${field}.${at}`, at === 'bodyBytes' ? Number.MAX_SAFE_INTEGER : MAX_COUNT);
  contentTypes.forEach((type, index) =>
    on.require(mediaType.test(type), `${field}.contentTypes[${index}]`, 'must be a media type in lower case'),
  );
}

function rulesOf(
  { bodyBytes, headersBytes, headerCount, urlBytes, contentTypes }: Limits,
  when: readonly string[],
): Rule[] {
  const rule = (act: string, ...more: string[]) => request('form', act, ...when, ...more);
  return [
    ...(urlBytes === undefined ? [] : [rule(denial(tooLong), `{ pathq,length gt ${urlBytes} }`)]),
    ...(headersBytes === undefined
      ? []
      : [rule(denial(tooMany), `{ var(txn.headers_bytes) -m int gt ${headersBytes} }`)]),
    ...(headerCount === undefined ? [] : [rule(denial(tooMany), `{ var(txn.header_count) -m int gt ${headerCount} }`)]),
    ...bodyRules(bodyBytes, contentTypes !== undefined, rule),
    ...(contentTypes === undefined ? [] : typeRules(contentTypes, rule)),
  ];
}

type MakeRule = (act: string, ...more: string[]) => Rule;
/** HTTP/2 has no word for a body of unknown length, so it is waited for. */
const unknown = '!{ req.fhdr(content-length) -m found }';

function bodyRules(bodyBytes: number | undefined, asked: boolean, rule: MakeRule): Rule[] {
  if (bodyBytes === undefined && !asked) return [];
  const measured = bodyBytes !== undefined && bodyBytes <= MEASURED;
  const some = '{ req.body_len gt 0 }';
  return [
    ...(bodyBytes === undefined ? [] : [rule(denial(tooLarge), `{ req.fhdr(content-length) -m int gt ${bodyBytes} }`)]),
    rule(`wait-for-body time 10s at-least ${measured ? bodyBytes + 1 : 1}`, unknown),
    ...(measured
      ? [
          rule(denial(tooLarge), unknown, `{ req.body_len gt ${bodyBytes} }`),
          // With large headers there may be more than fits.
          rule(denial(lengthMissing), unknown, some, `{ req.hdrs,length gt ${HEADERS_BESIDE} }`),
        ]
      : bodyBytes === undefined
        ? []
        : [rule(denial(lengthMissing), unknown, some)]),
  ];
}

function typeRules(contentTypes: readonly string[], rule: MakeRule): Rule[] {
  const types = contentTypes.map((type) => type.replace(/[.$^+]/g, '\\$&').replace(/\/\*$/, '/[^ ;/]+'));
  const body = '{ var(txn.body) -m found }';
  const known = `{ req.fhdr(content-type) -m reg -i -- ${quoted(`^(${types.join('|')})[[:blank:]]*(;|$)`)} }`;
  return [
    rule('set-var(txn.body) bool(true)', '{ req.fhdr(content-length) -m int gt 0 }'),
    rule('set-var(txn.body) bool(true)', unknown, '{ req.body_len gt 0 }'),
    rule(denial(wrongType), body, `!${known}`),
    rule(denial(wrongType), body, '{ req.fhdr_cnt(content-type) gt 1 }'),
  ];
}
