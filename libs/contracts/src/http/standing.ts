import { z } from 'zod';
import { causeSchema } from '../events/shared.ts';
import { commitSchema, nameSchema } from '../names.ts';

/** How what serves in an environment stands to the head of the branch that it follows. Part of the console's status. */
export const standingSchema = z.object({
  environment: nameSchema,
  /** What made the commit live that serves now; null: nothing serves, or it is not known. */
  cause: causeSchema.nullable(),
  /** The newest commit of the branch that the environment follows; null where it is not known. */
  head: z.object({ source: nameSchema, ref: z.string(), commit: commitSchema }).nullable(),
  state: z.enum(['in-step', 'behind', 'unknown']),
  /** What holds the head back; null where it is in step or not known. */
  why: z
    .enum([
      /** It does not compile for this environment. */
      'refused',
      /** It is not judged yet. */
      'judging',
      /** It does not declare this environment. */
      'not-declared',
      /** It waits for the environment before, for its soak, for its turn. */
      'waiting',
      'awaiting-approval',
      'deploying',
      /** The gateways did not take it. */
      'failed',
      /** It was taken back, and the environment keeps away from it. */
      'pinned',
      /** A person deployed another commit by command. */
      'held-by-command',
      /** It gave way to another one. */
      'superseded',
    ])
    .nullable(),
  /** The same in words, with what to do; empty where the state says it all. */
  detail: z.string(),
});
export type Standing = z.infer<typeof standingSchema>;
