import { z } from 'zod';
import { reference, unique } from './common.ts';

export { level, ruleId } from './rule-id.ts';
export const lifecycles = unique(z.enum(['experimental', 'active', 'deprecated', 'retired']), 4).min(1);
export const visibilities = unique(z.enum(['public', 'partner', 'internal']), 3).min(1);
export const environments = unique(reference('an environment'), 100).min(1);
