import type { Policy } from '../policy.ts';
import { auth } from './auth/index.ts';
import { blocks } from '../blocks.ts';
import { basePath } from './base-path.ts';
import { lifecycle } from './lifecycle.ts';
import { limits } from './limits/index.ts';
import { operation } from './operation.ts';
import { plans } from './plans.ts';
import { timeouts } from './timeouts.ts';
import { unhonoured } from './unhonoured.ts';

/** Within one phase, rules run in this order. */
export const policies: readonly Policy[] = [
  operation,
  lifecycle,
  auth,
  blocks,
  plans,
  limits,
  timeouts,
  basePath,
  unhonoured,
];
