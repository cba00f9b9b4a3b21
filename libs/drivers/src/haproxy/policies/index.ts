import type { Policy } from '../policy.ts';
import { accessLog } from './access-log.ts';
import { allow } from './allow.ts';
import { auth } from './auth/index.ts';
import { blocks } from '../blocks.ts';
import { cache } from './cache.ts';
import { compression } from './compression.ts';
import { balancing } from './balancing.ts';
import { canary } from './canary.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { cors } from './cors.ts';
import { errors } from './errors.ts';
import { headers } from './headers.ts';
import { ip } from './ip.ts';
import { lifecycle } from './lifecycle.ts';
import { limits } from './limits/index.ts';
import { maintenance } from './maintenance.ts';
import { mirror } from './mirror.ts';
import { operation } from './operation.ts';
import { plans } from './plans.ts';
import { redirects } from './redirects.ts';
import { requestLimits } from './request-limits.ts';
import { retries } from './retries.ts';
import { threats } from './threats/index.ts';
import { streams, timeouts } from './timeouts.ts';
import { upstreamPath } from './upstream-path.ts';

/** Within one phase, rules run in this order. */
export const policies: readonly Policy[] = [
  operation,
  accessLog,
  cors,
  ip,
  lifecycle,
  maintenance,
  threats,
  redirects,
  allow,
  requestLimits,
  auth,
  blocks,
  canary,
  plans,
  limits,
  timeouts,
  retries,
  streams,
  balancing,
  circuitBreaker,
  mirror,
  upstreamPath,
  headers,
  cache,
  compression,
  errors,
];
