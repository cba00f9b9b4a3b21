import { z } from 'zod';

/** Id of a rule, as findings carry it. */
export const ruleId = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by "-"');
export const level = z.enum(['off', 'info', 'warning', 'error']);
