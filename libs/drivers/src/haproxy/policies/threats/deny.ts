import type { EffectivePolicy } from '@gitway/contracts';
import { denial } from '../../answers.ts';
import type { Checker } from '../../checker.ts';
import { request, type Rule } from '../../rule.ts';
import { fits, quoted, safe } from '../../syntax.ts';
import { compilePattern } from './cost.ts';

type Denied = NonNullable<NonNullable<EffectivePolicy['threatProtection']>['deny']>;

const refused = { status: 403, slug: 'refused-content', title: 'The request holds what the API does not let in.' };
const unclear = {
  status: 400,
  slug: 'unclear-query',
  title: 'A query parameter is named twice, or in an encoded form.',
};
const tooLong = {
  path: { status: 414, slug: 'url-too-long', title: 'The path is longer than can be looked through.' },
  query: { status: 414, slug: 'url-too-long', title: 'The query is longer than can be looked through.' },
  header: { status: 431, slug: 'headers-too-large', title: 'The headers are larger than can be looked through.' },
  body: { status: 413, slug: 'body-too-large', title: 'The body is larger than can be looked through.' },
};
const encoded = { status: 415, slug: 'content-encoding', title: 'Bodies are looked through and may not be encoded.' };
/** HAProxy holds 16 KB of a request, headers and body together. */
const HEADERS_BESIDE = 6000;

export function checkDeny(denied: Denied, field: string, on: Checker): void {
  denied.forEach(({ in: place, name, pattern }, index) => {
    const at = `${field}.deny[${index}]`;
    const form = place === 'query' ? 'query' : 'header';
    on.require(name === undefined || fits(form, name), `${at}.name`, 'must be letters, digits, `-` and `_`');
    const compiled = compilePattern(pattern);
    if (typeof compiled === 'string') return on.require(false, `${at}.pattern`, compiled);
    const whole = place === 'header' && name === undefined && compiled.anchored;
    on.require(!whole, `${at}.pattern`, 'asks for the beginning or the end of a header: name the header');
  });
}

/**
 * Looks where it is told, as sent and decoded once. What is longer than a pattern may look at is refused: nothing passes
 * unseen.
 */
export function denyRules(denied: Denied, when: readonly string[]): Rule[] {
  const rule = (act: string, ...more: string[]) => request('form', act, ...when, ...more);
  const bodies = denied.filter(({ in: place }) => place === 'body');
  return [
    ...denied.filter(({ in: place }) => place !== 'body').flatMap((one) => lookRules(one, rule)),
    ...(bodies.length === 0 ? [] : bodyRules(bodies, rule)),
  ];
}

type MakeRule = (act: string, ...more: string[]) => Rule;

function lookRules({ in: place, name, pattern }: Denied[number], rule: MakeRule): Rule[] {
  const compiled = compilePattern(pattern);
  if (typeof compiled === 'string' || place === 'body') return [];
  const finds = (sample: string) =>
    rule(denial(refused), `{ ${sample} -m reg -- ${quoted(`(?:${compiled.pattern})`)} }`);
  const longer = (sample: string) => rule(denial(tooLong[place]), `{ ${sample},length gt ${compiled.reach} }`);
  if (place === 'path') return [longer('path'), finds('path'), finds('path,url_dec')];
  if (place === 'header') {
    const sample = name === undefined ? 'req.hdrs' : `req.fhdr(${safe('header', name)})`;
    return [longer(sample), finds(sample)];
  }
  if (name === undefined) return [longer('query'), finds('query'), finds('query,url_dec(1)')];
  const param = safe('query', name);
  return [
    longer('query'),
    // HAProxy reads the first of a name; another reader may take the last, or decode names first.
    rule(denial(unclear), `{ query -m reg -- ${quoted('(^|[&;])[^=&;]*%')} }`),
    rule('set-var-fmt(txn.others) &%[query]'),
    rule(`set-var(txn.others) var(txn.others),regsub([&;]${param}=,)`),
    rule(denial(unclear), `{ var(txn.others) -m reg -- ${quoted(`[&;]${param}=`)} }`),
    finds(`url_param(${param})`),
    finds(`url_param(${param}),url_dec(1)`),
  ];
}

function bodyRules(bodies: Denied, rule: MakeRule): Rule[] {
  const all = bodies.map(({ pattern }) => compilePattern(pattern)).filter((one) => typeof one !== 'string');
  const reach = Math.min(...all.map((one) => one.reach));
  return [
    rule(denial(tooLong.body), `{ req.fhdr(content-length) -m int gt ${reach} }`),
    rule(`wait-for-body time 10s at-least ${reach + 1}`),
    rule(denial(tooLong.body), `{ req.body_len gt ${reach} }`),
    rule(denial(tooLong.header), '{ req.body_len gt 0 }', `{ req.hdrs,length gt ${HEADERS_BESIDE} }`),
    rule(denial(encoded), '{ req.body_len gt 0 }', '{ req.fhdr(content-encoding) -m found }'),
    ...all.map(({ pattern }) => rule(denial(refused), `{ req.body -m reg -- ${quoted(`(?:${pattern})`)} }`)),
  ];
}
