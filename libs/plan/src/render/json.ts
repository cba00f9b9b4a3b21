import { canonicalJson, type ChangePlan, digestOf } from '@gitway/contracts';

/** The form that is stored, and whose digest names the plan. */
export const renderPlanJson = (plan: ChangePlan) => canonicalJson(plan);

export const planDigest = (plan: ChangePlan) => digestOf(plan);
