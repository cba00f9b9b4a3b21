import type { ConformanceCase } from '../case.ts';
import { answers } from './answers.ts';
import { authentication } from './authentication.ts';
import { balancing } from './balancing.ts';
import { concurrency } from './concurrency.ts';
import { crossOrigin } from './cors.ts';
import { exchange } from './exchange.ts';
import { keys } from './keys.ts';
import { limits } from './limits.ts';
import { listeners } from './listeners.ts';
import { operations } from './operations.ts';
import { perOperation } from './per-operation.ts';
import { protection } from './protection.ts';
import { quotas } from './quotas.ts';
import { routing } from './routing.ts';
import { tokenClaims } from './token-claims.ts';
import { tokens } from './tokens.ts';
import { traffic } from './traffic.ts';
import { upstreams } from './upstreams.ts';

/** All cases, by area. A case of your own goes into the file of its area. */
export const caseAreas: Readonly<Record<string, readonly ConformanceCase[]>> = {
  routing,
  operations,
  'policies by operation': perOperation,
  keys,
  tokens,
  'claims of tokens': tokenClaims,
  authentication,
  limits,
  quotas,
  concurrency,
  listeners,
  upstreams,
  balancing,
  traffic,
  exchange,
  cors: crossOrigin,
  answers,
  protection,
};

export const conformanceCases: readonly ConformanceCase[] = Object.values(caseAreas).flat();
