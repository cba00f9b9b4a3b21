import { z } from 'zod';

/** RFC 9457 problem details; `type` is `urn:gitway:problem:<slug>`. */
export const problemDetailsSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  /** Which field is wrong and how, for invalid input. */
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type ProblemDetails = z.infer<typeof problemDetailsSchema>;

/** The header that carries the console's internal token to a service. */
export const INTERNAL_TOKEN_HEADER = 'gitway-internal-token';
