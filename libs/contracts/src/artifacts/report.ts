import { z } from 'zod';
import { commitSchema, digestSchema, nameSchema } from '../names.ts';
import { findingCountsSchema, findingSchema, suppressedFindingSchema } from './finding.ts';

/** Everything the validator has to say about one commit of one source: kept under `report.<digest>`. */
export const reportSchema = z.object({
  source: nameSchema,
  commit: commitSchema,
  /** Per environment that follows the branch: its snapshot, or null where the commit was refused for it. */
  environments: z.array(
    z.object({
      name: nameSchema,
      snapshot: digestSchema.nullable(),
      counts: findingCountsSchema,
      /** Artifact `plan.<digest>`: what it changes against what was live. */
      plan: digestSchema.optional(),
      /** Positions in `findings` of those that are about this environment and not about all; given where there are several. */
      findings: z.array(z.int().nonnegative()).optional(),
    }),
  ),
  findings: z.array(findingSchema),
  /** Not among `findings`, and not counted. */
  suppressed: z.array(suppressedFindingSchema).optional(),
  counts: findingCountsSchema,
});
export type Report = z.infer<typeof reportSchema>;
