import { type ApiUnit, canonicalJson } from '@gitway/contracts';
import type { Checker } from './checker.ts';
import { mapNamed } from './rule.ts';
import { shortDigest } from './scope.ts';
import { fits, isPlain, quoted, safe } from './syntax.ts';

type Match = NonNullable<ApiUnit['route']['match']>;

/** Conditions that routes ask for; routes of APIs that agree in them begin with one mark. */
export interface MatchSet {
  readonly mark: string;
  /** Each as the inside of an anonymous ACL. */
  readonly conditions: readonly string[];
}

/** What a way to find routes depends on. */
export interface Routing {
  /** What keys begin with behind their mark, as a log format. */
  readonly prefix: string;
  readonly anyHost: boolean;
  readonly wildHost: boolean;
  readonly matches: readonly MatchSet[];
}

const ROUTES = mapNamed('routes');

export const hostsOf = ({ route }: ApiUnit): readonly string[] =>
  route.hosts.length === 0 ? ['*'] : [...new Set(route.hosts)];

export const isRouteHost = (host: string) => fits('host', host.startsWith('*.') ? host.slice(2) : host);

/** In one order, whatever order they are written in. */
const sorted = (match: Match) => [...match].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));

/** Says which requests a route is for: APIs that agree in it exclude each other. */
export const matchKey = ({ route }: ApiUnit): string =>
  route.match === undefined ? '' : canonicalJson(sorted(route.match));

export function matchSet(api: ApiUnit): MatchSet | null {
  const { match } = api.route;
  if (match === undefined) return null;
  return { mark: `=${shortDigest(matchKey(api), 8)}`, conditions: sorted(match).map(conditionOf) };
}

function conditionOf({ in: place, name, value }: Match[number]): string {
  const sample =
    place === 'header'
      ? `req.fhdr(${safe('header', name)})`
      : place === 'cookie'
        ? `req.cook(${safe('header', name)})`
        : `url_param(${safe('query', name)}),url_dec(1)`;
  return value === undefined ? `${sample} -m found` : `${sample} -m str -- ${quoted(value)}`;
}

export function checkMatch({ route }: ApiUnit, on: Checker): void {
  (route.match ?? []).forEach(({ in: place, name, value }, index) => {
    const at = `route.match[${index}]`;
    on.require(
      fits(place === 'query' ? 'query' : 'header', name),
      `${at}.name`,
      'must be letters, digits, `-` and `_`',
    );
    const usable = value === undefined || (isPlain(value) && value !== '}');
    on.require(usable, `${at}.value`, 'may not be `}` alone, nor hold control characters');
  });
}

/** How much a route says of the requests that it is for: first the host, then the path. */
export function rankOf(host: string, basePath: string): number {
  const hostRank = host === '*' ? 0 : host.startsWith('*') ? 1 : 2;
  return hostRank * 100_000 + basePath.length;
}

/** Leaves `txn.parent`: the host without its first label. */
export const parentRule = (routing: Routing): string[] =>
  routing.wildHost
    ? ['    http-request set-var(txn.parent) var(txn.host),field(2,.,0) if !{ var(txn.host) -m beg . }']
    : [];

/** Which match sets hold for the request: once, for both readings of its path. */
export const matchRules = ({ matches }: Routing): string[] =>
  matches.flatMap(({ conditions }, index) => [
    `    http-request set-var(txn.fits${index}) bool(true)`,
    ...conditions.map((condition) => `    http-request unset-var(txn.fits${index}) if !{ ${condition} }`),
  ]);

/**
 * Leaves in a variable the route of a path, if there is one: an exact host before a wildcard before any, the longest base
 * path, and then the most conditions.
 * @param path variable that holds the path
 * @param when condition under which it is asked for
 */
export function lookUp(routing: Routing, into: string, path: string, when = ''): string[] {
  const { matches } = routing;
  const all = look(routing, '', into, path, when);
  if (matches.length === 0) return all;
  const rank = `${into}_rank`;
  const rule = (act: string, ...conditions: string[]) => {
    const given = [when, ...conditions].filter((condition) => condition !== '').join(' ');
    return `    http-request ${act}${given === '' ? '' : ` if ${given}`}`;
  };
  return [
    ...all,
    rule(`set-var(${rank}) int(-1)`),
    rule(`set-var(${rank}) var(${into}),field(7,|),add(0)`, `{ var(${into}) -m found }`),
    ...matches.flatMap(({ mark }, index) => {
      const here = [when, `{ var(txn.fits${index}) -m found }`].join(' ').trim();
      const better = [`{ var(txn.candidate) -m found }`, `{ var(txn.candidate),field(7,|),sub(${rank}) -m int ge 0 }`];
      return [
        rule('unset-var(txn.candidate)'),
        ...look(routing, `${mark}/`, 'txn.candidate', path, here),
        rule(`set-var(${into}) var(txn.candidate)`, ...better),
        rule(`set-var(${rank}) var(txn.candidate),field(7,|),add(0)`, ...better),
      ];
    }),
  ];
}

function look(
  { prefix, anyHost, wildHost }: Routing,
  mark: string,
  into: string,
  path: string,
  when: string,
): string[] {
  const attempt = (host: string, condition: string) => {
    const tail = condition === '' ? '' : ` if ${condition}`;
    return [
      `    http-request set-var-fmt(txn.target) ${mark}${prefix}${host}%[var(${path})]/${tail}`,
      `    http-request set-var(${into}) var(txn.target),map_beg(${ROUTES})${tail}`,
    ];
  };
  const else_ = `${when} !{ var(${into}) -m found }`.trim();
  return [
    ...attempt('%[var(txn.host)]', when),
    ...(wildHost ? attempt('*.%[var(txn.parent)]', else_) : []),
    ...(anyHost ? attempt('*', else_) : []),
  ];
}

/** Those with more conditions are asked later, and win where routes are equal otherwise. */
export const inOrder = (sets: readonly MatchSet[]): MatchSet[] =>
  [...new Map(sets.map((set) => [set.mark, set])).values()].sort(
    (a, b) => a.conditions.length - b.conditions.length || (a.conditions.join() < b.conditions.join() ? 1 : -1),
  );
