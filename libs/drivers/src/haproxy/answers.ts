/** The gateway's own answers: RFC 9457 problem details with the request's id. All text is ours, none a user's. */
export interface Answer {
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly headers?: string;
}

const body = ({ status, slug, title }: Answer) =>
  `content-type application/problem+json lf-string '{"type":"urn:gitway:problem:${slug}","title":"${title}",` +
  `"status":${status},"requestId":"%[var(txn.id)]"}'`;

/** A `deny` with a body of its own; where one status has several reasons. */
export const denial = (answer: Answer) => `deny deny_status ${answer.status} ${body(answer)}${answer.headers ?? ''}`;

/** For each status that HAProxy can answer by itself, or that a rule denies with. */
export const defaultAnswers: readonly Answer[] = [
  { status: 400, slug: 'bad-request', title: 'The request is malformed.' },
  { status: 403, slug: 'not-entitled', title: 'No plan of this consumer opens the API.' },
  { status: 404, slug: 'no-route', title: 'No API is published here.' },
  { status: 408, slug: 'request-timeout', title: 'The request did not arrive in time.' },
  { status: 410, slug: 'retired', title: 'The API is retired.' },
  {
    status: 429,
    slug: 'rate-limited',
    title: 'The rate limit is reached; try again after the time in Retry-After.',
    headers: " hdr retry-after '%[var(txn.retry_after)]'",
  },
  { status: 500, slug: 'gateway-error', title: 'The gateway failed.' },
  { status: 502, slug: 'bad-gateway', title: 'The upstream gave no valid answer.' },
  { status: 503, slug: 'no-upstream', title: 'No upstream can be reached.' },
  { status: 504, slug: 'upstream-timeout', title: 'The upstream did not answer in time.' },
];

/** What `defaults` says. */
export const errorAnswers: readonly string[] = defaultAnswers.map(
  (answer) => `    http-error status ${answer.status} ${body(answer)}${answer.headers ?? ''}`,
);

export const undeclaredPath: Answer = {
  status: 404,
  slug: 'no-operation',
  title: 'The API declares no such path.',
};
export const undeclaredMethod: Answer = {
  status: 405,
  slug: 'method-not-allowed',
  title: 'The path is not served with this method.',
  headers: " hdr allow '%[var(txn.allow)]'",
};
export const methodNotAllowed: Answer = {
  status: 405,
  slug: 'method-not-allowed',
  title: 'The method is not served by the gateway.',
};
