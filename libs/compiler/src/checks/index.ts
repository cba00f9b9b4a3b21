import type { Finding } from '@gitway/contracts';
import type { CompiledApi } from '../environment/compile-api.ts';
import { ambiguousPriority } from './ambiguous-priority.ts';
import { ambiguousReference } from './ambiguous-reference.ts';
import type { ApiCheck, EnvironmentCheck, EnvironmentView, WorkspaceCheck, WorkspaceView } from './check.ts';
import { certificateNames } from './certificate-names.ts';
import { certificates } from './certificates.ts';
import { consumerReachesNothing } from './consumer-reaches-nothing.ts';
import { metadataUpstream } from './metadata-upstream.ts';
import { missingPolicy } from './missing-policy.ts';
import { planWithoutLimit } from './plan-without-limit.ts';
import { privateUpstream } from './private-upstream.ts';
import { routeConflict } from './route-conflict.ts';
import { routeShadowed } from './route-shadowed.ts';
import { unreachableOperation } from './unreachable-operation.ts';
import { unusedGateway } from './unused-gateway.ts';
import { unusedPlan } from './unused-plan.ts';
import { unusedPolicy } from './unused-policy.ts';

export type { EnvironmentView } from './check.ts';
export { checkSettings, type CheckSettings } from './settings.ts';

/** Adding a check is adding a line here, a rule in `rules/` and a spec. */
const workspaceChecks: readonly WorkspaceCheck[] = [ambiguousReference, unusedPolicy, unusedPlan, unusedGateway];
const environmentChecks: readonly EnvironmentCheck[] = [
  routeConflict,
  routeShadowed,
  unreachableOperation,
  ambiguousPriority,
  planWithoutLimit,
  consumerReachesNothing,
  certificates,
  certificateNames,
];
const apiChecks: readonly ApiCheck[] = [missingPolicy, privateUpstream, metadataUpstream];

/** @param whole whether nothing is missing: no resource is broken */
export function checkResources(view: WorkspaceView, whole: boolean): Finding[] {
  return workspaceChecks.flatMap((check) => (check.needsAll && !whole ? [] : check.run(view)));
}

/**
 * @param whole whether nothing is missing in the view: everything could be compiled
 * @param policiesKnown whether every policy could be read, so that what an API lacks is lacking
 */
export function checkEnvironment(view: EnvironmentView, whole: boolean, policiesKnown = true): Finding[] {
  return [
    ...environmentChecks.flatMap((check) => (check.needsAll && !whole ? [] : check.run(view))),
    ...view.apis.flatMap((api) => checkApi(api, view, policiesKnown)),
  ];
}

/** By the API as compiled, which is one object as long as nothing that it was made from changes. */
const known = new WeakMap<CompiledApi, { readonly settings: string; readonly findings: readonly Finding[] }>();

function checkApi(
  api: CompiledApi,
  { environment, settings }: EnvironmentView,
  policiesKnown: boolean,
): readonly Finding[] {
  const seenWith = `${settings.id} ${policiesKnown}`;
  const kept = known.get(api);
  if (kept?.settings === seenWith) return kept.findings;
  const findings = apiChecks.flatMap((check) =>
    check.needsPolicies === true && !policiesKnown ? [] : check.run(api, environment.resource.name, settings),
  );
  known.set(api, { settings: seenWith, findings });
  return findings;
}
