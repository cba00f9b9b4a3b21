import {
  digestOf,
  snapshotDigest,
  type Finding,
  type Snapshot,
  type SuppressedFinding,
  type Unit,
  type UnitRef,
} from '@gitway/contracts';
import type { ApiResource, EnvironmentResource, GatewayResource, Kind, PlanResource, Patch } from '@gitway/resources';
import { locationOf } from '@gitway/resources';
import { checkEnvironment } from '../checks/index.ts';
import type { Located } from '../collect-files.ts';
import { compare, finding, hasErrors } from '../findings.ts';
import { judgeEnvironment } from '../guardrails/judge-environment.ts';
import type { RuleScope } from '../verdicts/rule-levels.ts';
import type { JudgedFindings } from '../verdicts/verdicts.ts';
import { checkGateways } from './check-gateways.ts';
import { compileApi, type CompiledApi } from './compile-api.ts';
import { compileConsumers } from './compile-consumers.ts';
import { environmentContext, type CompileContext } from './context.ts';
import { fillIn, targets, type FilledIn, type FillingIn } from './fill-in.ts';
import { durationMs, rateLimitOf } from './merge-policies.ts';

export interface EnvironmentOutcome {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly digest: string;
  readonly units: Map<string, Unit>;
  /** Judged: as grave as they are in this environment, without those that are suppressed. */
  readonly findings: Finding[];
  readonly suppressed: SuppressedFinding[];
}

/** Compiles everything for one environment. The snapshot holds what could be compiled; findings say whether it counts. */
export async function compileEnvironment(environment: Located, base: CompileContext): Promise<EnvironmentOutcome> {
  const { resource } = environment;
  const spec = resource.value.spec as EnvironmentResource['spec'];
  const findings: Finding[] = [];
  const fill = filler(environment, spec, base);
  findings.push(...idlePatches(environment, spec, base));

  const policies = fill('Policy');
  const plans = fill('Plan');
  const gateways = gatewaysOf(environment, spec, base, findings).map((located) => fill.one(located));
  for (const filled of [...policies, ...plans, ...gateways]) findings.push(...filled.findings);
  findings.push(...unknownApis(plans, base));
  const context = environmentContext(base, resource.name, { policies, plans });

  const refs: UnitRef[] = [];
  const units = new Map<string, Unit>();
  const add = (unit: Unit, digest = digestOf(unit)) => {
    refs.push({ kind: unit.kind, name: unit.name, digest });
    units.set(digest, unit);
  };
  const apis: CompiledApi[] = [];
  const documents: JudgedFindings[] = [];
  for (const filled of fill('Api')) {
    const before = base.documents.size;
    const outcome = await compileApi(filled, context);
    findings.push(...outcome.findings);
    documents.push(outcome.document);
    if (outcome.compiled !== undefined) {
      apis.push(outcome.compiled);
      add(outcome.compiled.unit, outcome.compiled.digest);
    }
    if (base.documents.size > before && base.documents.size % 8 === 0) await base.breathe();
  }
  const filledConsumers = fill('Consumer');
  const consumers = compileConsumers(filledConsumers, base);
  findings.push(...consumers.findings);
  for (const { unit, digest } of consumers.units) add(unit, digest);
  for (const { resource: plan, spec: planSpec } of plans) {
    if (planSpec === null) continue;
    const { rateLimit } = planSpec as PlanResource['spec'];
    add({ kind: 'plan', name: plan.name, rateLimit: rateLimit === undefined ? null : rateLimitOf(rateLimit) });
  }
  for (const gateway of gateways) {
    if (gateway.spec === null) continue;
    const { driver, listeners } = gateway.spec as GatewayResource['spec'];
    add({
      kind: 'gateway',
      name: gateway.resource.name,
      driver,
      listeners: [...listeners].sort((a, b) => compare(a.name, b.name)),
    });
  }
  add({
    kind: 'environment',
    name: resource.name,
    gateways: [...spec.gateways].sort(compare),
    promoteFrom: spec.promoteFrom ?? null,
    promotion: {
      soakMs: spec.promoteFrom === undefined ? 0 : durationMs(spec.promotion?.soak, 60_000),
      approvals: spec.promotion?.approvals ?? 0,
    },
    analysis: { windowMs: durationMs(spec.analysis?.window, 120_000), minRequests: spec.analysis?.minRequests ?? 50 },
    drift: { mode: spec.drift?.mode ?? 'heal', intervalMs: durationMs(spec.drift?.interval, 5_000) },
  });
  const { settings, cache, now } = base;
  const view = { environment, spec, apis, policies, plans, consumers: filledConsumers, gateways, settings, cache, now };
  findings.push(...checkEnvironment(view, findings.concat(documents.flatMap((each) => each.findings))));
  const judge = judgeOf(resource.name, fill('Api'), base);
  const judged = [judge(findings), ...documents];
  if (!judged.some((each) => hasErrors(each.findings))) {
    const sources = new Map<string, FilledIn>();
    for (const { unit, filled } of apis) sources.set(`api ${unit.name}`, filled);
    for (const filled of [...plans, ...gateways, ...filledConsumers]) {
      sources.set(`${filled.resource.kind.toLowerCase()} ${filled.resource.name}`, filled);
    }
    judged.push(
      judge([
        ...checkGateways(environment, gateways, units, sources, base),
        ...judgeEnvironment(environment, base.rules, units.values(), sources, base),
      ]),
    );
  }
  refs.sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
  const snapshot = { environment: resource.name, units: refs };
  return {
    name: resource.name,
    snapshot,
    digest: snapshotDigest(snapshot),
    units,
    findings: judged.flatMap((each) => each.findings),
    suppressed: judged.flatMap((each) => each.suppressed),
  };
}

/** How findings count in this environment, each by the lifecycle and visibility of the API that it is about. */
function judgeOf(environment: string, apis: readonly FilledIn[], { verdicts }: CompileContext) {
  const scopes = new Map<string, RuleScope>(
    apis.map(({ resource, spec }) => {
      const { lifecycle = 'active', visibility = 'internal' } = (spec ?? {}) as Partial<ApiResource['spec']>;
      return [`Api/${resource.name}`, { environment, api: { lifecycle, visibility } }];
    }),
  );
  const other = { environment };
  return (findings: readonly Finding[]): JudgedFindings =>
    verdicts.judge(findings, other, ({ where }) => scopes.get(where.object ?? '') ?? other);
}

function filler(environment: Located, spec: EnvironmentResource['spec'], { index, cache }: CompileContext) {
  const patchesOf = new Map<Kind, { patch: Patch; index: number }[]>();
  (spec.patches ?? []).forEach((patch, number) => {
    const known = patchesOf.get(patch.target.kind) ?? [];
    patchesOf.set(patch.target.kind, [...known, { patch, index: number }]);
  });
  const variables = spec.variables ?? {};
  const one = (located: Located): FilledIn => {
    const key = `filled:${environment.id}:${located.id}`;
    const kept = cache.get(key) as FilledIn | undefined;
    if (kept !== undefined) return kept;
    const filling: FillingIn = {
      environment,
      id: environment.id,
      variables,
      patches: patchesOf.get(located.resource.kind) ?? [],
    };
    const filled = fillIn(located, filling);
    cache.set(key, filled);
    return filled;
  };
  return Object.assign((kind: Kind) => index.all(kind).map(one), { one });
}

function gatewaysOf(
  environment: Located,
  spec: EnvironmentResource['spec'],
  { index }: CompileContext,
  findings: Finding[],
): Located[] {
  return spec.gateways.flatMap((name, position) => {
    const unknown = index.unknownReference('Gateway', name, () =>
      locationOf(environment.resource, ['spec', 'gateways', position]),
    );
    if (unknown !== undefined) findings.push(unknown);
    const gateway = index.get('Gateway', name);
    return gateway === undefined ? [] : [gateway];
  });
}

/** A patch that changes nothing is a name that somebody mistyped, or something that is long gone. */
function idlePatches({ resource }: Located, spec: EnvironmentResource['spec'], { index }: CompileContext): Finding[] {
  return (spec.patches ?? []).flatMap(({ target }, number) => {
    const path = ['spec', 'patches', number, 'target'];
    if (target.name !== undefined) {
      const unknown = index.unknownReference(target.kind, target.name, () => locationOf(resource, [...path, 'name']));
      if (unknown !== undefined) return [unknown];
      if (index.isBroken(target.kind, target.name)) return [];
    }
    const patch = { target, merge: { spec: {} } };
    if (index.all(target.kind).some((located) => targets(patch, located.resource))) return [];
    const message = `No ${target.kind} is matched by this patch, so it changes nothing.`;
    return [
      finding(
        'idle-patch',
        'warning',
        locationOf(resource, path, 'key'),
        message,
        'Mend its name or labels, or delete it.',
      ),
    ];
  });
}

function unknownApis(plans: readonly FilledIn[], { index }: CompileContext): Finding[] {
  return plans.flatMap((plan) =>
    ((plan.spec as PlanResource['spec'] | null)?.apis?.names ?? []).flatMap((name, position) => {
      const place = () => plan.placeOf(['spec', 'apis', 'names', position]);
      return index.unknownReference('Api', name, place) ?? [];
    }),
  );
}
