import type { EffectivePolicy } from '@gitway/contracts';
import type { ApiOf, CallStep, Expected, RequestOf, UpstreamExpected } from '../case.ts';

/** Words that many cases share. */
export const hour = 3_600_000;
export const day = 24 * hour;

export const keyAuth = { kind: 'apiKey', header: 'X-Api-Key', bearer: false, query: null } as const;

/** A GET, and what is expected of its answer. */
export const get = (path: string, expect: number | Expected, more: Omit<RequestOf, 'line'> = {}): CallStep => ({
  send: { ...more, line: `GET ${path}` },
  expect,
});

export const call = (line: string, expect: number | Expected, more: Omit<RequestOf, 'line'> = {}): CallStep => ({
  send: { ...more, line },
  expect,
});

/** Answered by an upstream, which saw this. */
export const reaches = (upstream: UpstreamExpected): Expected => ({ status: 200, upstream });

/** Answered by the gateway: a problem, and nothing reached an upstream. */
export const refused = (status: number, more: Expected = {}): Expected => ({
  status,
  problem: true,
  upstream: null,
  ...more,
});

export const withPolicy = (policy: Partial<EffectivePolicy>, more: ApiOf = {}): ApiOf => ({ ...more, policy });
