import {
  digestOf,
  snapshotDigest,
  type Finding,
  type Snapshot,
  type SuppressedFinding,
  type Unit,
  type UnitRef,
} from '@gitway/contracts';
import type {
  ApiResource,
  EnvironmentResource,
  Kind,
  NotificationResource,
  Patch,
  PlanResource,
} from '@gitway/resources';
import { locationOf } from '@gitway/resources';
import { checkEnvironment } from '../checks/index.ts';
import type { Located } from '../collect-files.ts';
import { FindingGroups } from '../finding-groups.ts';
import { compare, finding, hasErrors } from '../findings.ts';
import { judgeEnvironment } from '../guardrails/judge-environment.ts';
import { trialFindings } from '../guardrails/trial-findings.ts';
import type { RuleScope } from '../verdicts/rule-levels.ts';
import type { JudgedFindings } from '../verdicts/verdicts.ts';
import { checkGateways } from './check-gateways.ts';
import {
  documentProblem,
  draftApi,
  finishApi,
  judgeDocument,
  sourceOf,
  withoutDocument,
  type ApiDraft,
  type CompiledApi,
} from './compile-api.ts';
import { compileConsumers } from './compile-consumers.ts';
import { environmentContext, type CompileContext, type EnvironmentContext } from './context.ts';
import { fillIn, targets, type FilledIn, type FillingIn } from './fill-in.ts';
import { honourPlatform } from './honour-platform.ts';
import { lowerEnvironment } from './lower-environment.ts';
import { lowerGateway } from './lower-gateway.ts';
import { lowerNotification } from './lower-notification.ts';
import { quotasOf, rateLimitsOf } from './policy/lower-policy.ts';
import { Sources } from './sources.ts';
import type { CompiledDocument } from '../workspace.ts';

export interface EnvironmentOutcome {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly digest: string;
  readonly units: Map<string, Unit>;
  /** Judged: as grave as they are in this environment, without those that are suppressed. */
  readonly findings: FindingGroups;
  readonly suppressed: readonly SuppressedFinding[];
  readonly apis: readonly CompiledApi[];
  readonly documents: ReadonlyMap<string, CompiledDocument>;
  readonly accepted?: readonly string[];
  /** How further findings about it count. */
  readonly judge: (findings: readonly Finding[]) => JudgedFindings;
}

/** One environment, with everything filled in and drafted; its documents are not read yet. */
export interface DraftedEnvironment {
  readonly environment: Located;
  readonly context: EnvironmentContext;
  readonly apis: readonly ApiDraft[];
  readonly policies: readonly FilledIn[];
  readonly plans: readonly FilledIn[];
  readonly gateways: readonly FilledIn[];
  readonly consumers: readonly FilledIn[];
  readonly notifications: readonly FilledIn[];
  /** Not judged yet; without those of the APIs. */
  readonly findings: readonly Finding[];
}

/** What lasts from one compile of an environment to the next; gone when its own resource changes. */
interface Memory {
  readonly filled: WeakMap<Located, FilledIn>;
  /** Drafts, good as long as they are made with the same policies and plans. */
  drafts: { readonly with: string; readonly of: WeakMap<FilledIn, ApiDraft> };
}

export function draftEnvironment(environment: Located, base: CompileContext): DraftedEnvironment {
  const { resource } = environment;
  const spec = resource.value.spec as EnvironmentResource['spec'];
  const key = `environment:${environment.id}`;
  const memory = (base.cache.get(key) as Memory | undefined) ?? {
    filled: new WeakMap(),
    drafts: { with: '', of: new WeakMap() },
  };
  base.cache.set(key, memory);
  const fill = filler(environment, spec, base, memory.filled);
  const findings: Finding[] = idlePatches(environment, spec, base);

  const policies = fill('Policy');
  const plans = fill('Plan');
  const gateways = gatewaysOf(environment, spec, base, findings).map((located) => fill.one(located));
  const notifications = fill('Notification');
  for (const filled of [...policies, ...plans, ...gateways, ...notifications]) findings.push(...filled.findings);
  findings.push(...unknownApis(plans, base));
  const context = environmentContext(base, { policies, plans });
  if (memory.drafts.with !== context.id) memory.drafts = { with: context.id, of: new WeakMap() };
  const drafts = memory.drafts.of;
  const apis = fill('Api').map((filled) => {
    let draft = drafts.get(filled);
    if (draft === undefined) drafts.set(filled, (draft = draftApi(filled, context)));
    return draft;
  });
  return {
    environment,
    context,
    apis,
    policies,
    plans,
    gateways,
    consumers: fill('Consumer'),
    notifications,
    findings,
  };
}

/** Compiles what was drafted. The snapshot holds what could be compiled; findings say whether it counts. */
export async function finishEnvironment(of: DraftedEnvironment, base: CompileContext): Promise<EnvironmentOutcome> {
  const { environment, apis: drafts, plans, gateways, notifications } = of;
  const { resource } = environment;
  const spec = resource.value.spec as EnvironmentResource['spec'];
  const refs: UnitRef[] = [];
  const units = new Map<string, Unit>();
  const add = (unit: Unit, digest = digestOf(unit)) => {
    refs.push({ kind: unit.kind, name: unit.name, digest });
    units.set(digest, unit);
  };
  const apis: CompiledApi[] = [];
  const found: Finding[] = [...of.findings];
  const judged: JudgedFindings[] = [];
  const documents = new Map<string, CompiledDocument>();
  for (const draft of drafts) {
    const reading = draft.document === undefined ? undefined : base.documents.get(draft.document.id);
    if (reading === undefined) {
      found.push(...withoutDocument(draft, of.context).findings);
      const problem = documentProblem(draft, base.entries);
      if (problem !== undefined) found.push(problem);
      continue;
    }
    const ofDocument = judgeDocument(draft, reading, resource.name, base);
    judged.push(ofDocument);
    const { compiled, findings: ofApi } = finishApi(draft, reading.model, of.context);
    found.push(...ofApi);
    if (compiled === undefined || hasErrors(ofDocument.findings)) continue;
    apis.push(compiled);
    add(compiled.unit, compiled.digest);
    documents.set(compiled.unit.openapi.digest, sourceOf(draft, reading, base));
  }
  const consumers = compileConsumers(of.consumers, base);
  found.push(...consumers.findings);
  for (const { unit, digest } of consumers.units) add(unit, digest);
  for (const { resource: resourceOfPlan, spec: planSpec } of plans) {
    if (planSpec === null) continue;
    const limits = planSpec as PlanResource['spec'];
    const quotas = quotasOf(limits);
    const plan = { kind: 'plan' as const, name: resourceOfPlan.name, rateLimits: rateLimitsOf(limits) };
    add(quotas.length === 0 ? plan : { ...plan, quotas });
  }
  for (const gateway of gateways) {
    if (gateway.spec === null) continue;
    const lowered = lowerGateway(gateway, base.pems);
    found.push(...lowered.findings);
    add(lowered.unit);
  }
  for (const { resource: notification, spec: notificationSpec } of notifications) {
    if (notificationSpec === null) continue;
    const unit = lowerNotification(notification.name, notificationSpec as NotificationResource['spec'], resource.name);
    if (unit !== null) add(unit);
  }
  add(lowerEnvironment(resource.name, spec));
  const sources = new Sources(apis, [...plans, ...gateways, ...of.consumers, ...notifications]);
  found.push(...honourPlatform(environment, units.values(), sources));
  const { settings, pems, cache, now } = base;
  const { policies, consumers: filledConsumers } = of;
  const resources = { apis, policies, plans, consumers: filledConsumers, gateways };
  const view = { environment, spec, ...resources, settings, pems, cache, now };
  const whole = !hasErrors(found) && !judged.some((each) => hasErrors(each.findings));
  const policiesKnown = base.index.broken('Policy').length === 0 && policies.every((each) => each.spec !== null);
  found.push(...checkEnvironment(view, whole, policiesKnown));
  const judge = judgeOf(resource.name, drafts, base);
  judged.push(judge(found));
  const findings = new FindingGroups();
  findings.add(...judged.map((each) => each.findings));
  if (!findings.hasErrors && !base.hearing) {
    const last = judge([
      ...checkGateways(environment, gateways, units, sources, base),
      ...(await judgeEnvironment(environment, base.rules, units.values(), sources, base)),
    ]);
    judged.push(last);
    findings.add(last.findings);
  }
  refs.sort((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name));
  const snapshot = { environment: resource.name, units: refs };
  const trials = judged.flatMap((each) => each.trials);
  findings.add(trialFindings(resource.name, units.values(), trials, base.placeOfRule));
  const suppressed = judged.flatMap((each) => each.suppressed);
  const { name } = resource;
  return { name, snapshot, digest: snapshotDigest(snapshot), units, findings, suppressed, apis, documents, judge };
}

/** How findings count in this environment, each by the lifecycle and visibility of the API that it is about. */
function judgeOf(environment: string, apis: readonly ApiDraft[], { verdicts }: CompileContext) {
  let scopes: Map<string, RuleScope> | undefined;
  const scopesByName = () =>
    new Map<string, RuleScope>(
      apis.map(({ filled: { resource, spec } }) => {
        const { lifecycle = 'active', visibility = 'internal' } = (spec ?? {}) as Partial<ApiResource['spec']>;
        return [`Api/${resource.name}`, { environment, api: { lifecycle, visibility } }];
      }),
    );
  const other = { environment };
  return (findings: readonly Finding[]): JudgedFindings =>
    verdicts.judge(findings, other, ({ where }) => (scopes ??= scopesByName()).get(where.object ?? '') ?? other);
}

/** Fills resources in for the environment; those that it fills in alike again are the same objects again. */
function filler(
  environment: Located,
  spec: EnvironmentResource['spec'],
  { index }: CompileContext,
  known: WeakMap<Located, FilledIn>,
) {
  const patchesOf = new Map<Kind, { patch: Patch; index: number }[]>();
  (spec.patches ?? []).forEach((patch, number) => {
    const patches = patchesOf.get(patch.target.kind) ?? [];
    patchesOf.set(patch.target.kind, [...patches, { patch, index: number }]);
  });
  const variables = spec.variables ?? {};
  const one = (located: Located): FilledIn => {
    let filled = known.get(located);
    if (filled === undefined) {
      const filling: FillingIn = {
        environment,
        id: environment.id,
        variables,
        patches: patchesOf.get(located.resource.kind) ?? [],
      };
      known.set(located, (filled = fillIn(located, filling)));
    }
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
