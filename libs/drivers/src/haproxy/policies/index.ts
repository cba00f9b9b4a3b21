import type { Policy } from '../policy.ts';
import { accessLog } from './access-log.ts';
import { allow } from './allow.ts';
import { auth } from './auth/index.ts';
import { blocks } from '../blocks.ts';
import { cache } from './cache.ts';
import { compression } from './compression.ts';
import { cors } from './cors.ts';
import { errors } from './errors.ts';
import { headers } from './headers.ts';
import { ip } from './ip.ts';
import { lifecycle } from './lifecycle.ts';
import { limits } from './limits/index.ts';
import { maintenance } from './maintenance.ts';
import { operation } from './operation.ts';
import { plans } from './plans.ts';
import { redirects } from './redirects.ts';
import { requestLimits } from './request-limits.ts';
import { threats } from './threats/index.ts';
import { timeouts } from './timeouts.ts';
import { unhonoured } from './unhonoured.ts';
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
  plans,
  limits,
  timeouts,
  upstreamPath,
  headers,
  cache,
  compression,
  unhonoured,
  errors,
];
