import type { ApiUnit } from '@gitway/contracts';
import { denial } from '../answers.ts';
import { elsewhere, native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { afterResponse, request, type Rule } from '../rule.ts';
import { formatted } from '../syntax.ts';

const gone = { status: 410, slug: 'retired', title: 'The API is retired.' };
const secondsOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;

/** What is no longer served, what callers are told of its end, and what only people are told of. */
export const lifecycle: Policy = {
  capabilities: [
    elsewhere('api labels', 'chosen by while compiling'),
    elsewhere('api owner', 'shown to people'),
    elsewhere('api visibility', 'shown to people'),
    elsewhere('api openapi', 'read during compilation'),
    elsewhere('api slo', 'kept with the API'),
    native('api lifecycle', '`retired` is answered with 410; the others are served'),
    native('api deprecation.since', '`Deprecation` (RFC 9745) on every answer'),
    native('api deprecation.sunset', '`Sunset` (RFC 8594) on every answer; 410 from that day on, by HAProxy’s clock'),
    native('api deprecation.link', '`Link` with the relations `deprecation` and `sunset`'),
  ],
  check(api, on) {
    const { since, sunset, link } = api.deprecation ?? {};
    for (const [field, day] of Object.entries({ since, sunset })) {
      on.require(day === undefined || Number.isFinite(secondsOf(day)), `deprecation.${field}`, 'must be a day');
    }
    const clean = link === undefined || /^https?:\/\/[\u0021-\u007e]+$/.test(link.replace(/[<>"]/, ' '));
    on.require(clean, 'deprecation.link', 'must be printable ASCII without `<`, `>` and `"`');
  },
  contribute: ({ api }) => ({
    rules: [...(api.lifecycle === 'retired' ? [request('closed', denial(gone))] : []), ...deprecationRules(api)],
  }),
};

function deprecationRules({ deprecation }: ApiUnit): Rule[] {
  const { since, sunset, link } = deprecation ?? {};
  const relations = sunset === undefined ? 'deprecation' : 'deprecation sunset';
  return [
    ...(sunset === undefined ? [] : [request('closed', denial(gone), `{ date -m int ge ${secondsOf(sunset)} }`)]),
    ...(since === undefined ? [] : [afterResponse(`set-header deprecation @${secondsOf(since)}`)]),
    ...(sunset === undefined
      ? []
      : [afterResponse(`set-header sunset ${formatted(new Date(secondsOf(sunset) * 1000).toUTCString())}`)]),
    ...(link === undefined ? [] : [afterResponse(`add-header link ${formatted(`<${link}>; rel="${relations}"`)}`)]),
  ];
}
