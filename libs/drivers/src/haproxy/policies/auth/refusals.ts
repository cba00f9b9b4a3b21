import { type Answer, denial } from '../../answers.ts';
import type { MapEntry } from '../../policy.ts';
import { mapNamed, request, type Rule } from '../../rule.ts';
import type { MethodRules } from './method.ts';

/** Why a call is not let in: the slug of the answer, and its title. */
const titles = {
  'missing-key': 'The API asks for an API key.',
  'unknown-key': 'The API key is not known.',
  'expired-key': 'The API key has expired.',
  'missing-token': 'The API asks for a bearer token.',
  'malformed-token': 'The token is malformed.',
  'token-algorithm': 'The algorithm of the token is not accepted.',
  'unknown-token-key': 'The key that the token names is not known.',
  'bad-signature': 'The signature of the token does not hold.',
  'token-issuer': 'The token is from another issuer.',
  'token-audience': 'The token is for another audience.',
  'token-expired': 'The token has expired.',
  'token-not-yet': 'The token does not count yet.',
  'token-inactive': 'The token is not active.',
  'missing-password': 'The API asks for a user name and a password.',
  'wrong-password': 'User name or password is wrong.',
  'missing-certificate': 'The API asks for a client certificate.',
  'unknown-certificate': 'The client certificate belongs to no consumer.',
  'insufficient-scope': 'The token lacks a scope that this operation asks for.',
  'insufficient-claims': 'The token lacks a claim that this operation asks for.',
  'unknown-caller': 'The caller is no consumer.',
  'different-callers': 'The credentials belong to different callers.',
  suspended: 'The consumer is suspended.',
  'not-authorised': 'The authorisation service refuses the call.',
  'not-authenticated': 'The authorisation service does not know the caller.',
  'no-authorisation': 'The authorisation service cannot be reached.',
} as const;

export type RefusalCode = keyof typeof titles;

/** The caller is known, or would not be helped by other credentials of the same kind. */
const FORBIDDEN: readonly RefusalCode[] = [
  'insufficient-claims',
  'unknown-caller',
  'different-callers',
  'suspended',
  'not-authorised',
];
export const TELLING = ['insufficient-scope', ...FORBIDDEN];
const MISSING = ['missing-key', 'missing-token', 'missing-password', 'missing-certificate'];

/** Holds where nothing was sent that the present method could judge. */
export const nothingSent = `{ var(txn.why) -m str ${MISSING.join(' ')} }`;

const MAP = mapNamed('refusals');

const answer = (status: number, headers = ''): Answer => ({
  status,
  slug: '%[var(txn.why)]',
  title: `%[var(txn.why),map_str(${MAP})]`,
  headers,
});

const severalCredentials: Answer = {
  status: 400,
  slug: 'several-credentials',
  title: 'A credential may be sent only once.',
};

export const refusalTitles: readonly MapEntry[] = Object.entries(titles).map(([key, value]) => ({
  map: 'refusals',
  key,
  value,
}));

export const refuseSeveral = (counts: readonly string[], when: readonly string[]): Rule[] =>
  counts.map((count) => request('identify', denial(severalCredentials), ...when, `{ ${count} gt 1 }`));

/** Answers whoever was not let in; errors of bearer tokens as RFC 6750, 3 says. */
export function refuse(methods: readonly MethodRules[], when: readonly string[]): Rule[] {
  const challenges = methods.flatMap(({ challenge }) => challenge ?? []);
  const all = (error: string) =>
    challenges
      .map(({ format, bearer }) => ` hdr www-authenticate ${bearer && error !== '' ? format + error : format}`)
      .join('');
  const bearer = challenges.some((challenge) => challenge.bearer);
  const invalid = `', error="invalid_token", error_description="%[var(txn.why),map_str(${MAP})]"'`;
  const scope = `', error="insufficient_scope", scope="%[var(txn.lacks)]"'`;
  const rule = (status: number, error: string, ...more: string[]) =>
    request('identify', denial(answer(status, status === 503 ? '' : all(error))), ...when, ...more);
  return [
    ...(bearer ? [rule(403, scope, '{ var(txn.why) -m str insufficient-scope }')] : []),
    request('identify', denial(answer(403)), ...when, `{ var(txn.why) -m str ${FORBIDDEN.join(' ')} }`),
    ...(methods.some(({ names }) => names !== 'always')
      ? [rule(503, '', '{ var(txn.why) -m str no-authorisation }')]
      : []),
    ...(bearer
      ? [rule(401, '', nothingSent), rule(401, invalid, '{ var(txn.why) -m found }')]
      : [rule(401, '', '{ var(txn.why) -m found }')]),
  ];
}
