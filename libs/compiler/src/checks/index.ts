import type { Finding } from '@gitway/contracts';
import { hasErrors } from '../findings.ts';
import type { CompiledApi } from '../environment/compile-api.ts';
import { ambiguousPriority } from './ambiguous-priority.ts';
import { ambiguousReference } from './ambiguous-reference.ts';
import type { ApiCheck, EnvironmentCheck, EnvironmentView, WorkspaceCheck, WorkspaceView } from './check.ts';
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
];
const apiChecks: readonly ApiCheck[] = [missingPolicy, privateUpstream, metadataUpstream];

/** @param whole whether nothing is missing: no resource is broken */
export function checkResources(view: WorkspaceView, whole: boolean): Finding[] {
  return workspaceChecks.flatMap((check) => (check.needsAll && !whole ? [] : check.run(view)));
}

/** @param found what was found while the environment was compiled: with an error, something may be missing in the view */
export function checkEnvironment(view: EnvironmentView, found: readonly Finding[]): Finding[] {
  const whole = !hasErrors(found);
  return [
    ...environmentChecks.flatMap((check) => (check.needsAll && !whole ? [] : check.run(view))),
    ...view.apis.flatMap((api) => checkApi(api, view)),
  ];
}

const none: { readonly findings: readonly Finding[] } = { findings: [] };

function checkApi(api: CompiledApi, { environment, settings, cache }: EnvironmentView): readonly Finding[] {
  const layers = api.layers.map(({ id }) => id).join();
  const key = `check:${environment.resource.name}:${settings.id}:${api.filled.id}:${api.digest}:${layers}`;
  const kept = cache.get(key) as typeof none | undefined;
  if (kept !== undefined) return kept.findings;
  const findings = apiChecks.flatMap((check) => check.run(api, environment.resource.name, settings));
  cache.set(key, findings.length === 0 ? none : { findings });
  return findings;
}
