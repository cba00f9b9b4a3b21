import type { ConformanceCase } from '../case.ts';
import { authentication } from './authentication.ts';
import { keys } from './keys.ts';
import { limits } from './limits.ts';
import { listeners } from './listeners.ts';
import { operations } from './operations.ts';
import { routing } from './routing.ts';
import { tokens } from './tokens.ts';
import { upstreams } from './upstreams.ts';

/** All cases, by area. A case of your own goes into the file of its area. */
export const caseAreas: Readonly<Record<string, readonly ConformanceCase[]>> = {
  routing,
  operations,
  keys,
  tokens,
  authentication,
  limits,
  listeners,
  upstreams,
};

export const conformanceCases: readonly ConformanceCase[] = Object.values(caseAreas).flat();
