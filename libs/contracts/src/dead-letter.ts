import { z } from 'zod';
import { instantSchema } from './names.ts';

/** Messages that a service could not handle, as they came. Subject `gitway.dead.<service>.<fact>`. */
export const DEAD_LETTER_STREAM = 'GITWAY_DEAD_LETTERS';
export const DEAD_LETTER_SUBJECTS = 'gitway.dead.>';

export const deadLetterSchema = z.object({
  /** Sequence in the dead-letter stream: the handle by which a person asks for a replay. */
  sequence: z.int().positive(),
  /** The service that could not handle it. */
  service: z.string(),
  subject: z.string(),
  event: z.object({ id: z.string(), type: z.string() }),
  error: z.object({ slug: z.string(), message: z.string() }),
  attempts: z.int().positive(),
  at: instantSchema,
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;
