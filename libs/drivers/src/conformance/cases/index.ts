import type { ConformanceCase } from '../case.ts';
import { keys } from './keys.ts';
import { limits } from './limits.ts';
import { routing } from './routing.ts';
import { upstreams } from './upstreams.ts';

/** All cases, by area. A case of your own goes into the file of its area. */
export const caseAreas: Readonly<Record<string, readonly ConformanceCase[]>> = { routing, keys, limits, upstreams };

export const conformanceCases: readonly ConformanceCase[] = Object.values(caseAreas).flat();
