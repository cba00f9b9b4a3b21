import type { ApiUnit, Finding, Pool } from '@gitway/contracts';
import { digestOf } from '@gitway/contracts';
import { openApiLimits, suggest, type ApiResource, type PolicyFields } from '@gitway/resources';
import { compare, finding, hasErrors } from '../findings.ts';
import type { DocumentReading, OpenApiModel } from '../openapi/document.ts';
import { documentId, findingsOf, settingsKeyOf, type WantedDocument } from '../openapi/read-documents.ts';
import { resolvePath } from '../paths.ts';
import type { JudgedFindings } from '../verdicts/verdicts.ts';
import type { CompiledDocument } from '../workspace.ts';
import type { CompileContext, EnvironmentContext } from './context.ts';
import type { FilledIn } from './fill-in.ts';
import { hasLabels } from './fill-in.ts';
import { durationMs, mergePolicies } from './merge-policies.ts';
import { parseUpstreamUrl } from './upstream-url.ts';

type ApiSpec = ApiResource['spec'];

export interface CompiledApi {
  readonly unit: ApiUnit;
  readonly digest: string;
  readonly filled: FilledIn;
  /** What its policy was merged from, in order; the API's own has no name. */
  readonly layers: readonly PolicyLayer[];
}

export interface PolicyLayer {
  readonly id: string;
  readonly name: string | null;
  readonly policy: PolicyFields;
}

/** An API as far as it can be made without its document. */
export interface ApiDraft {
  readonly filled: FilledIn;
  readonly findings: readonly Finding[];
  /** The document that it names; undefined where the path leads nowhere in the repository. */
  readonly document: (WantedDocument & { readonly id: string }) | undefined;
  /** All of the unit but what its document says; null where something is wrong. */
  readonly unit: Omit<ApiUnit, 'openapi' | 'operations'> | null;
  readonly layers: readonly PolicyLayer[];
  /** What was made of it last. */
  last?: { readonly model: OpenApiModel; readonly compiled: CompiledApi };
  /** How its document was judged last. */
  judged?: { readonly reading: DocumentReading; readonly levels: string; readonly findings: JudgedFindings };
}

/** What of a document's findings counts for this API. Judged again when the document, or what judges it, changed. */
export function judgeDocument(
  draft: ApiDraft,
  reading: DocumentReading,
  environment: string,
  { verdicts, entries }: Pick<CompileContext, 'verdicts' | 'entries'>,
): JudgedFindings {
  const { filled, judged } = draft;
  const object = `Api/${filled.resource.name}`;
  verdicts.suppressions.learn(reading);
  const lasts = reading.absent.length === 0 && !verdicts.suppressions.mayCover(object, reading);
  if (lasts && judged?.reading === reading && judged.levels === verdicts.levels.id) return judged.findings;
  const { lifecycle = 'active', visibility = 'internal' } = (filled.spec ?? {}) as Partial<ApiSpec>;
  const api = { lifecycle, visibility };
  const findings = verdicts.judge(findingsOf(reading, entries.keys()), { environment, api, object, document: reading });
  if (lasts) draft.judged = { reading, levels: verdicts.levels.id, findings };
  return findings;
}

/** Drafts one API for one environment: layers, plans and upstreams are looked at whether or not the rest is good. */
export function draftApi(filled: FilledIn, context: EnvironmentContext): ApiDraft {
  if (filled.spec === null) return { filled, findings: filled.findings, document: undefined, unit: null, layers: [] };
  const spec = filled.spec as ApiSpec;
  const findings: Finding[] = [...filled.findings];
  const named = policyLayers(spec, filled, context, findings);
  const layers: PolicyLayer[] = [...named, { id: '', name: null, policy: spec.policy ?? {} }];
  const policy = mergePolicies(layers.map((layer) => layer.policy));
  const plans = plansOf(spec, filled, context, findings, policy.auth.kind === 'none');
  const document = documentOf(spec, filled, findings);
  const { pools, findings: poolFindings } = poolsOf(spec, filled);
  findings.push(...poolFindings);
  if (document === undefined || hasErrors(findings)) return { filled, findings, document, unit: null, layers };
  const { metadata } = filled.resource.value;
  const unit = {
    kind: 'api' as const,
    name: filled.resource.name,
    labels: { ...metadata.labels },
    owner: metadata.annotations?.['gitway.dev/owner'] ?? null,
    lifecycle: spec.lifecycle ?? 'active',
    visibility: spec.visibility ?? 'internal',
    route: {
      hosts: [...new Set((spec.route.hosts ?? []).map((host) => host.toLowerCase()))].sort(compare),
      basePath: spec.route.basePath === '/' ? '/' : spec.route.basePath.replace(/\/$/, ''),
      keepBasePath: spec.route.keepBasePath ?? false,
    },
    pools,
    plans,
    policy,
  };
  return { filled, findings, document, unit, layers };
}

/** The unit of a draft and its document; undefined where either is not good. */
export function finishApi(draft: ApiDraft, model: OpenApiModel | null): CompiledApi | undefined {
  if (draft.unit === null || model === null) return undefined;
  if (draft.last?.model === model) return draft.last.compiled;
  const { title, version, digest: openApiDigest, operations } = model;
  const unit: ApiUnit = {
    ...draft.unit,
    openapi: { title, version, digest: openApiDigest },
    operations: [...operations],
  };
  const compiled = { unit, digest: digestOf(unit), filled: draft.filled, layers: draft.layers };
  draft.last = { model, compiled };
  return compiled;
}

/** Where the document that an API names can be read again. */
export function sourceOf(
  { document }: ApiDraft,
  { others, model }: DocumentReading,
  entries: CompileContext['entries'],
): CompiledDocument {
  const files = [document!.path, ...others].flatMap((path) => {
    const entry = entries.get(path);
    return entry === undefined ? [] : [{ path, oid: entry.oid, size: entry.size }];
  });
  return { files, deprecated: model?.deprecated ?? [] };
}

/** Why the document that an API names cannot be read; undefined when it can be tried. */
export function documentProblem(
  { filled, document }: ApiDraft,
  entries: CompileContext['entries'],
): Finding | undefined {
  if (document === undefined) return undefined;
  const { path } = document;
  const refuse = (rule: string, message: string, hint: string) =>
    finding(rule, 'error', filled.placeOf(['spec', 'openapi']), message, hint);
  const entry = entries.get(path);
  if (entry === undefined) {
    const near = suggest(path, entries.keys());
    const hint = near === undefined ? relativeHint : `Did you mean \`${near}\`?`;
    return refuse('missing-file', `There is no file \`${path.slice(0, 200)}\`.`, hint);
  }
  if (entry.mode !== '100644' && entry.mode !== '100755') {
    const message = `\`${path}\` is a symbolic link or a submodule; these are never followed.`;
    return refuse('symlink', message, 'Put the file itself here.');
  }
  if (entry.size > openApiLimits.maxBytes) {
    const message = `\`${path}\` is larger than ${openApiLimits.maxBytes / 1e6} MB.`;
    return refuse('file-too-large', message, 'Split it, or leave out what callers do not need.');
  }
  return undefined;
}

/** Selector matches by priority, then name; then direct references in order. The API's own comes after all of them. */
function policyLayers(spec: ApiSpec, filled: FilledIn, context: EnvironmentContext, findings: Finding[]) {
  const layers: PolicyLayer[] = [];
  for (const policy of context.selectingPolicies) {
    if (hasLabels(filled.resource, policy.labels)) layers.push(policy);
  }
  (spec.policies ?? []).forEach((name, index) => {
    const policy = context.policies.get(name);
    const place = () => filled.placeOf(['spec', 'policies', index]);
    const unknown = policy === undefined ? context.index.unknownReference('Policy', name, place) : undefined;
    if (policy !== undefined) layers.push(policy);
    else if (unknown !== undefined) findings.push(unknown);
  });
  return layers;
}

function plansOf(
  spec: ApiSpec,
  filled: FilledIn,
  context: EnvironmentContext,
  findings: Finding[],
  open: boolean,
): string[] {
  const plans = new Set<string>();
  (spec.plans ?? []).forEach((name, index) => {
    const unknown = context.index.unknownReference('Plan', name, () => filled.placeOf(['spec', 'plans', index]));
    if (unknown === undefined) plans.add(name);
    else findings.push(unknown);
  });
  if (open) {
    // A plan that selects an open API has nothing to open; one that the API names is a contradiction.
    if (plans.size === 0) return [];
    const message = 'Plans choose who may call this API, but it lets everybody in without a key.';
    const hint = 'Ask for a key (`auth: { anyOf: [apiKey] }`), or take the plans out.';
    findings.push(
      finding('plans-without-authentication', 'error', filled.placeOf(['spec', 'plans'], 'key'), message, hint),
    );
    return [];
  }
  for (const plan of context.openingPlans) {
    if (plan.names.has(filled.resource.name) || (plan.labels !== undefined && hasLabels(filled.resource, plan.labels)))
      plans.add(plan.name);
  }
  return [...plans].sort(compare);
}

const relativeHint = 'Give a path in this repository, relative to this file.';

function documentOf(spec: ApiSpec, filled: FilledIn, findings: Finding[]): ApiDraft['document'] {
  const target = resolvePath(filled.resource.file.path, spec.openapi);
  if ('refused' in target) {
    const why = {
      remote: 'is not a path but a URL',
      absolute: 'is an absolute path',
      outside: 'leads out of the repository',
    }[target.refused];
    const message = `\`${spec.openapi.slice(0, 120)}\` ${why}.`;
    const place = filled.placeOf(['spec', 'openapi']);
    findings.push(finding('path-outside-repository', 'error', place, message, relativeHint));
    return undefined;
  }
  const settings = {};
  return { id: documentId(target.path, settingsKeyOf(settings)), path: target.path, settings };
}

function poolsOf(spec: ApiSpec, filled: FilledIn): { pools: Pool[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const pools = spec.upstream.pools.map((pool, poolIndex): Pool => {
    const targets: Pool['targets'] = [];
    pool.targets.forEach((target, index) => {
      const url = parseUpstreamUrl(target.url);
      if ('problem' in url) {
        const place = filled.placeOf(['spec', 'upstream', 'pools', poolIndex, 'targets', index, 'url']);
        const shown = target.url.replace(/\/\/[^/@]*@/, '//…@').slice(0, 120);
        findings.push(finding('upstream-url', 'error', place, `\`${shown}\` ${url.problem}.`, url.hint));
      } else targets.push({ ...url, weight: target.weight ?? 1 });
    });
    const check = pool.healthCheck;
    return {
      name: pool.name,
      weight: pool.weight ?? 100,
      targets,
      healthCheck:
        check === undefined
          ? null
          : {
              path: check.path,
              intervalMs: durationMs(check.interval, 5_000),
              unhealthyAfter: check.unhealthyAfter ?? 3,
              healthyAfter: check.healthyAfter ?? 2,
            },
    };
  });
  return { pools, findings };
}
