import type { Expected, TextExpected, UpstreamExpected, UpstreamName } from '../case.ts';
import { SILENT, type WireAnswer } from './http1-client.ts';
import { type Seen, UPSTREAM_HEADER } from './upstreams.ts';

/** One call and all that became of it. */
export interface Outcome {
  readonly answer: WireAnswer | null;
  /** Why there is no answer. */
  readonly failure: string | null;
  readonly seen: readonly Seen[];
  /** Looked up where something is expected of it. */
  readonly log?: string | null;
}

export const answeredBy = ({ answer }: Outcome) => headerOf(answer?.headers ?? [], UPSTREAM_HEADER);

/** What differs from what is expected, in words; empty when nothing does. */
export function differences(outcome: Outcome, expected: Expected): string[] {
  const { answer, failure, seen } = outcome;
  if (expected.cut === true) {
    if (answer !== null) return ['there is a whole answer'];
    return failure?.startsWith(SILENT) === true ? [`the connection stays open: ${failure}`] : [];
  }
  if (answer === null) return [`there is no answer: ${failure}`];
  const { status, headers = {}, body, problem, upstream } = expected;
  return [
    ...(status === undefined || answer.status === status
      ? []
      : [`status is ${answer.status}, not ${status} (${answer.body.slice(0, 200)})`]),
    ...Object.entries(headers).flatMap(([name, wanted]) =>
      text(`header ${name}`, headerOf(answer.headers, name), wanted),
    ),
    ...(body === undefined ? [] : text('body', answer.body, body)),
    ...Object.entries(expected.trailers ?? {}).flatMap(([name, wanted]) =>
      text(`trailer ${name}`, headerOf(answer.trailers ?? [], name), wanted),
    ),
    ...(expected.log === undefined ? [] : text('line of the log', outcome.log ?? null, expected.log)),
    ...(problem === undefined ? [] : problemOf(answer, problem)),
    ...(expected.certificate === undefined
      ? []
      : text('certificate', answer.certificate ?? null, expected.certificate)),
    ...(upstream === undefined ? [] : reached(seen, upstream)),
  ];
}

function text(what: string, found: string | null, wanted: TextExpected): string[] {
  if (wanted === null) return found === null ? [] : [`${what} is there: ${quoted(found)}`];
  if (found === null) return [`${what} is missing`];
  const fits = typeof wanted === 'string' ? found === wanted : new RegExp(wanted.like, 's').test(found);
  return fits ? [] : [`${what} is ${quoted(found)}, not ${typeof wanted === 'string' ? quoted(wanted) : wanted.like}`];
}

function problemOf(answer: WireAnswer, wanted: true | string): string[] {
  const type = headerOf(answer.headers, 'content-type');
  if (type !== 'application/problem+json') return [`content-type is ${type}, not a problem`];
  let problem: Record<string, unknown>;
  try {
    problem = JSON.parse(answer.body) as Record<string, unknown>;
  } catch {
    return [`the problem is no JSON: ${quoted(answer.body)}`];
  }
  const id = headerOf(answer.headers, 'x-request-id');
  return [
    ...(problem['status'] === answer.status ? [] : [`the problem's status is ${String(problem['status'])}`]),
    ...(id !== null && problem['requestId'] === id ? [] : [`the problem's requestId is not the answer's`]),
    ...(wanted === true || problem['type'] === wanted
      ? []
      : [`the problem is ${String(problem['type'])}, not ${wanted}`]),
  ];
}

function reached(seen: readonly Seen[], wanted: UpstreamExpected | null): string[] {
  const { times = 1, name, method, path, headers = {}, body, protocol, serverName, client } = wanted ?? { times: 0 };
  if (seen.length !== times) return [`upstreams saw it ${seen.length} times, not ${times}`];
  const last = seen.at(-1);
  if (last === undefined) return [];
  const same = (what: string, found: string, asked: string | undefined) =>
    asked === undefined || found === asked ? [] : [`${what} upstream is ${found}, not ${asked}`];
  return [
    ...same('name of the', last.upstream, name),
    ...same('method at the', last.method, method),
    ...same('protocol to the', last.protocol, protocol),
    ...(serverName === undefined ? [] : text('server name to the upstream', last.serverName, serverName)),
    ...(client === undefined ? [] : text('client certificate at the upstream', last.client, client)),
    ...(path === undefined ? [] : text('path at the upstream', last.path, path)),
    ...(body === undefined ? [] : text('body at the upstream', last.body, body)),
    ...Object.entries(headers).flatMap(([header, value]) =>
      text(`header ${header} at the upstream`, headerOf(last.headers, header), value),
    ),
  ];
}

/** How many standard deviations a share may be off: an honest draw is outside of it once in 1.7 million. */
const DEVIATIONS = 5;

/** How far a share of so many calls may be off. */
export const toleranceOf = (share: number, calls: number) => DEVIATIONS * Math.sqrt((share * (1 - share)) / calls);

export function shareDifferences(
  outcomes: readonly Outcome[],
  shares: Partial<Record<UpstreamName, number>>,
): string[] {
  return Object.entries(shares).flatMap(([name, share]) => {
    const found = outcomes.filter((outcome) => answeredBy(outcome) === name).length / outcomes.length;
    const off = toleranceOf(share, outcomes.length);
    return Math.abs(found - share) <= off
      ? []
      : [`${name} answered ${found} of the calls, not ${share} ± ${off.toFixed(3)}`];
  });
}

/** Values of a header that is there several times, as one (RFC 9110, 5.3); null when it is not there. */
export function headerOf(headers: readonly (readonly [string, string])[], name: string): string | null {
  const values = headers.filter(([given]) => given === name.toLowerCase()).map(([, value]) => value);
  return values.length === 0 ? null : values.join(', ');
}

const quoted = (value: string) => JSON.stringify(value.length > 300 ? `${value.slice(0, 300)}…` : value);
