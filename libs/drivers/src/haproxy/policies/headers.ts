import type { EffectivePolicy } from '@gitway/contracts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { HOP_HEADERS, ORIGIN_HEADERS, OWN_HEADERS } from '../requests.ts';
import { afterResponse, request, type Rule } from '../rule.ts';
import { fits, formatted, isPlain, quoted } from '../syntax.ts';

type Headers = NonNullable<EffectivePolicy['headers']>;
type Changes = Headers['request'];

const FRAMING = '^(content-length|transfer-encoding|te|trailer)$';
/** What the gateway states, or what holds the messages together. */
const kept = {
  request: new RegExp(
    `^(host|x-request-id|traceparent)$|${FRAMING}|${HOP_HEADERS}|${OWN_HEADERS}|${ORIGIN_HEADERS}`,
    'i',
  ),
  response: new RegExp(`^x-request-id$|${FRAMING}|${HOP_HEADERS}`, 'i'),
};

/** Headers that are set, added and removed; of answers, on the gateway's own as well. */
export const headers: Policy = {
  capabilities: [
    ...(['request', 'response'] as const).flatMap((way) => [
      native(`api policy.headers.${way}.set`, '`set-header`; the value is read literally'),
      native(`api policy.headers.${way}.add`, '`add-header`; the value is read literally'),
      native(`api policy.headers.${way}.remove`, '`del-header`'),
    ]),
  ],
  check(api, on) {
    checkHeaders(api.policy.headers, 'policy.headers', on);
    for (const [id, override] of Object.entries(api.policy.operations ?? {})) {
      checkHeaders(override.headers, `policy.operations.${id}.headers`, on);
    }
  },
  contribute: (scope) => ({
    rules: scope
      .each(({ policy }) => policy.headers)
      .flatMap(({ value, when }) => [
        ...changes(value?.request, (act) => request('forward', act, ...when)),
        ...changes(value?.response, (act) => afterResponse(act, ...when)),
      ]),
  }),
};

function checkHeaders(declared: Headers | undefined, field: string, on: Checker): void {
  for (const way of ['request', 'response'] as const) {
    const { set = {}, add = {}, remove = [] } = declared?.[way] ?? {};
    const named = (name: string, at: string) => {
      const own = kept[way].test(name) && !(way === 'request' && /^host$/i.test(name));
      const place = `${field}.${way}.${at}.${name}`;
      on.require(fits('fieldName', name), place, 'must be a header name');
      on.require(!/^host$/i.test(name) || way === 'response', place, 'use `rewrite.host` for the host');
      on.require(!own, place, 'is a header that the gateway itself states');
    };
    for (const [at, values] of Object.entries({ set, add })) {
      for (const [name, value] of Object.entries(values)) {
        named(name, at);
        on.require(isPlain(value), `${field}.${way}.${at}.${name}`, 'may not hold tabs and control characters');
      }
    }
    remove.forEach((name) => named(name, 'remove'));
  }
}

/** HAProxy takes no empty word for a value. */
const valueOf = (value: string) => (value === '' ? '%[str()]' : formatted(value));

const changes = (declared: Changes, rule: (act: string) => Rule): Rule[] => [
  ...(declared?.remove ?? []).map((name) => rule(`del-header ${quoted(name)}`)),
  ...Object.entries(declared?.set ?? {}).map(([name, value]) => rule(`set-header ${quoted(name)} ${valueOf(value)}`)),
  ...Object.entries(declared?.add ?? {}).map(([name, value]) => rule(`add-header ${quoted(name)} ${valueOf(value)}`)),
];
