import type { ConformanceCase } from '../case.ts';
import { algorithms } from './algorithms.ts';
import { answers } from './answers.ts';
import { authentication } from './authentication.ts';
import { balancing } from './balancing.ts';
import { changes } from './changes.ts';
import { combinations } from './combinations.ts';
import { concurrency } from './concurrency.ts';
import { connections } from './connections.ts';
import { crossOrigin } from './cors.ts';
import { exchange } from './exchange.ts';
import { hostile } from './hostile.ts';
import { keys } from './keys.ts';
import { limits } from './limits.ts';
import { listeners } from './listeners.ts';
import { log } from './log.ts';
import { matches } from './matches.ts';
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
  matches,
  operations,
  'policies by operation': perOperation,
  keys,
  tokens,
  'claims of tokens': tokenClaims,
  'algorithms of tokens': algorithms,
  authentication,
  limits,
  quotas,
  concurrency,
  listeners,
  upstreams,
  connections,
  balancing,
  traffic,
  exchange,
  cors: crossOrigin,
  answers,
  protection,
  hostile,
  changes,
  combinations,
  log,
};

export const conformanceCases: readonly ConformanceCase[] = Object.values(caseAreas).flat();
