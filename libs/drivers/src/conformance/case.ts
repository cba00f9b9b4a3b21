import type { ApiUnit, ConsumerEntry, EffectivePolicy, GatewayUnit, PlanUnit, Pool } from '@gitway/contracts';

/**
 * A conformance case: what a team declares, what is sent, and what must come of it. It knows no driver. Every text may
 * hold `{{…}}`, filled in for each run: `id` (names and hosts are made from it, so that many cases share one gateway),
 * `host`, `call` (the mark of the call), `turn.one.two` (one at the first call of a step, two at the second; `-` for a dot), `key.<consumer>`, `consumer.<name>`, `plan.<name>`, `port.<upstream>`,
 * `token.<name>` (of the case's tokens), `pem.<key>` (the public half of a key of the suite),
 * `certificate.<name>` (as PEM), `fingerprint.<name>`, `basic.<user>:<password>` (of a user `{{id}}-<user>`).
 */
export interface ConformanceCase {
  /** Kebab case, unique, at most 40 characters. */
  readonly id: string;
  /** What it shows, read behind "the gateway". */
  readonly shows: string;
  /** Fields of the vocabulary that it cannot do without: it fails when one of them is ignored. */
  readonly covers: readonly string[];
  /** The API of the case, `<id>`, at the host `<id>.test`. */
  readonly api?: ApiOf;
  /** Further APIs, or all of them: `<id>-<name>`. */
  readonly apis?: Readonly<Record<string, ApiOf>>;
  readonly plans?: Readonly<Record<string, Partial<PlanUnit>>>;
  readonly consumers?: Readonly<Record<string, ConsumerOf>>;
  readonly tokens?: Readonly<Record<string, TokenOf>>;
  /** Listeners and settings of a gateway of its own. */
  readonly gateway?: Partial<Omit<GatewayUnit, 'kind' | 'name' | 'driver'>>;
  /** Why it cannot share a gateway with other cases. */
  readonly alone?: string;
  readonly steps: readonly Step[];
}

export type Snapshot = Pick<ConformanceCase, 'api' | 'apis' | 'plans' | 'consumers' | 'gateway'>;

/** What differs from a plain API: open, everything under the host, one pool `stable` with the upstream `a`. */
export type ApiOf = Partial<Omit<ApiUnit, 'kind' | 'name' | 'route' | 'pools' | 'operations' | 'policy'>> & {
  /** A host without a dot is one of the case's own: `shop` is `shop.<id>.test`, `*` is `*.<id>.test`. */
  readonly route?: Partial<ApiUnit['route']>;
  /** `<id> <METHOD> <path>`. */
  readonly operations?: readonly string[];
  readonly pools?: readonly PoolOf[];
  readonly policy?: Partial<EffectivePolicy>;
};

export type PoolOf = Partial<Omit<Pool, 'targets'>> & { readonly to: readonly (UpstreamName | TargetOf)[] };

export interface TargetOf {
  readonly upstream: UpstreamName;
  readonly weight?: number;
  readonly host?: string;
  readonly scheme?: 'http' | 'https';
}

/** Its key is `{{key.<name>}}` (SHA-256: `{{hash.<name>}}`), without a plan unless it names one of the case's. */
export type ConsumerOf = Partial<Omit<ConsumerEntry, 'name'>>;

/** Keys of the suite, made for each run. `rsa-other` is nobody's whom a case trusts; `secret` is shared (HS256…). */
export const keyNames = ['rsa', 'rsa-other', 'p256', 'p384', 'p521', 'secret'] as const;
export type KeyName = (typeof keyNames)[number];

/** Certificates of the suite. `ca` signed all but `ca-other` and `mallory`, who says that it is `alice`. */
export const certificateNames = [
  'ca',
  'ca-other',
  'gateway',
  'gateway-other',
  'upstream',
  'alice',
  'bob',
  'mallory',
] as const;
export type CertificateName = (typeof certificateNames)[number];

/** A JSON Web Token: valid for an hour unless it says otherwise. */
export interface TokenOf {
  /** `rsa` when absent. */
  readonly key?: KeyName;
  /** RS256 when absent; the signature is made so, whatever `header` says. */
  readonly alg?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Seconds from now; null: no `exp`. */
  readonly expiresIn?: number | null;
  readonly notBeforeIn?: number;
  /** Signed with the public half of the key as a shared secret: what a confused verifier would accept. */
  readonly confused?: true;
  /** After signing: another signature, none, or the claims changed. */
  readonly broken?: 'signature' | 'no-signature' | 'claims';
}

/**
 * Upstreams that say what they saw. `a` to `d`: HTTP/1.1; `h2`: HTTP/2 without TLS;
 * `tls`: HTTP/1.1 over TLS, as `upstream.test`; `mtls`: the same, for clients with a certificate alone; `dead`: nobody listens;
 * `deaf`: connections are never accepted; `auth` decides for others, see `testing/auth-server.ts`.
 */
export const upstreamNames = ['a', 'b', 'c', 'd', 'h2', 'tls', 'mtls', 'auth', 'dead', 'deaf'] as const;
export type UpstreamName = (typeof upstreamNames)[number];

export type Step = CallStep | HealthStep | ApplyStep | SettledStep;

export interface CallStep {
  /** `GET /path`, or more. */
  readonly send: string | RequestOf;
  readonly times?: number;
  /** How many are under way at a time; 1 when absent. */
  readonly atOnce?: number;
  /** What upstreams do with it, by attempt; the last one goes on. By name in `at`, which goes first. */
  readonly upstream?: Behaviour | readonly Behaviour[];
  readonly at?: Partial<Record<UpstreamName, Behaviour | readonly Behaviour[]>>;
  /** Applied while the upstream has the call. */
  readonly during?: Snapshot;
  /** Sent again until the answer is as expected. */
  readonly until?: boolean;
  /** Of every answer; a number is a status. */
  readonly expect?: number | Expected;
  /** Statuses, call by call. */
  readonly sequence?: readonly number[];
  /** Status → how many of the answers. */
  readonly counts?: Readonly<Record<number, number>>;
  /** Upstream → its share of the answers, from 0 to 1; within five standard deviations of an even draw. */
  readonly shares?: Partial<Record<UpstreamName, number>>;
  /** All answers come from one upstream. */
  readonly oneUpstream?: boolean;
}

/** From now on, health checks of the case (`/health/{{id}}`) are answered so by an upstream: 200 until then. */
export interface HealthStep {
  readonly health: Partial<Record<UpstreamName, number>>;
}

/** Another snapshot takes the place of what is there; for a gateway of its own alone. */
export interface ApplyStep {
  readonly apply: Snapshot;
}

/** Waits until what the gateway has counted would outlive a change; a gateway may need some time for that once started. */
export interface SettledStep {
  readonly settled: true;
}

export interface RequestOf {
  /** `GET /path`. */
  readonly line?: string;
  /** The case's own host when absent. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Sent back by the name of a cookie: what an answer of the step before has set. */
  readonly cookies?: string;
  /** A consumer of the case, by the header `X-Api-Key`. */
  readonly as?: string;
  /** Address to call from; all of 127/8 is this machine. */
  readonly from?: string;
  readonly listener?: string;
  readonly http?: '1.1' | '2';
  /** Over TLS: the certificate that is shown, and the name that is asked for (the host when absent). */
  readonly tls?: { readonly certificate?: CertificateName; readonly name?: string; readonly version?: '1.2' | '1.3' };
  /** The exact bytes, in place of all of the above but `from` and `listener`. Must hold `{{call}}`. */
  readonly raw?: string;
  /** After the head of the answer: each text is sent once the one before was answered by `until`. */
  readonly talk?: readonly { readonly send: string; readonly until: string }[];
}

export interface Behaviour {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Over HTTP/2. */
  readonly trailers?: Readonly<Record<string, string>>;
  /** Each piece is sent once the client has read the one before. */
  readonly pieces?: readonly string[];
  /** `hang`: no answer, or no end behind `pieces`; `close`: the connection ends without one; `garbage`: what is no HTTP; `cut`: half a body. */
  readonly act?: 'hang' | 'close' | 'garbage' | 'cut';
  /** Answers once so many other calls of the step were answered. */
  readonly afterAnswers?: number;
  /** Answers once the step's `during` was applied. */
  readonly afterApply?: true;
}

/** A text as it is, a pattern, or null: not there. */
export type TextExpected = string | { readonly like: string } | null;

export interface Expected {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, TextExpected>>;
  readonly body?: TextExpected;
  /** Over HTTP/2. */
  readonly trailers?: Readonly<Record<string, TextExpected>>;
  /** A problem (RFC 9457) with the status and the request's id: any, or of this type. */
  readonly problem?: true | string;
  /** What reached upstreams. Null: nothing did. */
  readonly upstream?: UpstreamExpected | null;
  /** The connection ends before there is a whole answer. */
  readonly cut?: true;
  /** The line of the access log, as the driver's gateway writes it; null: there is none. */
  readonly log?: TextExpected;
  /** Common name of the certificate that the gateway showed. */
  readonly certificate?: TextExpected;
}

export interface UpstreamExpected {
  readonly name?: UpstreamName;
  readonly method?: string;
  /** Path and query as they arrived. */
  readonly path?: TextExpected;
  readonly headers?: Readonly<Record<string, TextExpected>>;
  readonly body?: TextExpected;
  readonly protocol?: 'http1' | 'h2';
  /** Over TLS: the name that was asked for, and whose certificate was shown. */
  readonly serverName?: TextExpected;
  readonly client?: TextExpected;
  /** Attempts that arrived, at all upstreams together; 1 when absent. */
  readonly times?: number;
}
