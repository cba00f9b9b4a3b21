import { z } from 'zod';
import { changePlanSchema } from '../artifacts/plan.ts';
import { commitSchema, digestSchema, nameSchema } from '../names.ts';

/** What a commit changes in one environment. */
export const planViewSchema = z.object({
  commit: commitSchema,
  environment: nameSchema,
  /** Of the plan: artifact `plan.<digest>`, where it was made when the commit was judged. */
  digest: digestSchema,
  /** Whether what is live is still what the plan starts from. */
  current: z.boolean(),
  plan: changePlanSchema,
});

/**
 * validator `GET /commits/:commit/plans?environment=`: against what was live when the commit was judged, by
 * environment; none for environments that refused it.
 */
export const planViewsSchema = z.object({ items: z.array(planViewSchema) });
export const planQuerySchema = z.strictObject({ environment: nameSchema.optional() });

/** validator `GET /environments/:environment/plan?commit=`: one `planView`, against what is live now. */
export const environmentPlanQuerySchema = z.strictObject({ commit: commitSchema });

export type PlanView = z.infer<typeof planViewSchema>;
export type PlanViews = z.infer<typeof planViewsSchema>;
