import type { ApiUnit, Finding } from '@gitway/contracts';
import { digestOf } from '@gitway/contracts';
import { apiResourceSchema, openApiLimits, plainForm, suggest, type ApiResource } from '@gitway/resources';
import { compare, finding, hasErrors } from '../findings.ts';
import type { DocumentReading, OpenApiModel } from '../openapi/document.ts';
import { documentId, findingsOf, type WantedDocument } from '../openapi/read-documents.ts';
import { resolvePath } from '../paths.ts';
import type { JudgedFindings } from '../verdicts/verdicts.ts';
import type { CompiledDocument } from '../workspace.ts';
import { opensBy, plansOf } from './api-plans.ts';
import { compilePools } from './compile-pools.ts';
import type { CompileContext, EnvironmentContext } from './context.ts';
import type { FilledIn } from './fill-in.ts';
import { policyLayers, type Layer } from './policy/policy-layers.ts';
import { readPolicy, unknownNames, type PolicyReading } from './policy/read-policy.ts';

type ApiSpec = ApiResource['spec'];

export interface CompiledApi {
  readonly unit: ApiUnit;
  readonly digest: string;
  readonly filled: FilledIn;
  /** What its policy was merged from, in order. */
  readonly layers: readonly Layer[];
}

/** An API in one environment, before its document is read. */
export interface ApiDraft {
  readonly filled: FilledIn;
  /** The document that it names; undefined where the path leads nowhere in the repository. */
  readonly document: (WantedDocument & { readonly id: string }) | undefined;
  /** As far as it can be made without its document; made when first needed. */
  made?: MadeApi;
  /** What was made of it last; `kept`: the lasting cache has it. */
  last?: { readonly model: OpenApiModel; readonly finished: FinishedApi; readonly kept: boolean };
  /** How its document was judged last. */
  judged?: { readonly reading: DocumentReading; readonly by: unknown; readonly findings: JudgedFindings };
}

interface MadeApi {
  readonly findings: readonly Finding[];
  /** All of the unit but what depends on its document; null where something is wrong. */
  readonly unit: Omit<ApiUnit, 'openapi' | 'operations' | 'policy' | 'planOperations'> | null;
  readonly layers: readonly Layer[];
  readonly policy: PolicyReading | undefined;
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
  if (lasts && judged?.reading === reading && judged.by === verdicts.id) return judged.findings;
  const { lifecycle = 'active', visibility = 'internal' } = (filled.spec ?? {}) as Partial<ApiSpec>;
  const api = { lifecycle, visibility };
  const findings = verdicts.judge(findingsOf(reading, entries.keys()), { environment, api, object, document: reading });
  if (lasts) draft.judged = { reading, by: verdicts.id, findings };
  return findings;
}

export function draftApi(filled: FilledIn, context: EnvironmentContext): ApiDraft {
  if (filled.spec === null) return { filled, document: undefined };
  return { filled, document: documentOf(filled.spec as ApiSpec, filled, context, []) };
}

/** What can be said of an API without its document: layers, plans and upstreams are looked at whether or not the rest is good. */
export function withoutDocument(draft: ApiDraft, context: EnvironmentContext): MadeApi {
  return (draft.made ??= make(draft.filled, context));
}

function make(filled: FilledIn, context: EnvironmentContext): MadeApi {
  const nothing = { unit: null, layers: [], policy: undefined };
  if (filled.spec === null) return { ...nothing, findings: filled.findings };
  const spec = filled.spec as ApiSpec;
  const findings: Finding[] = [...filled.findings];
  const layers = policyLayers(filled, context, findings);
  const policy = readPolicy(layers, filled, context.pems);
  findings.push(...policy.findings);
  const plans = plansOf(spec, filled, context, findings, policy.merged.auth?.anyOf?.[0] === 'none');
  const document = documentOf(spec, filled, context, findings);
  const { pools, findings: poolFindings } = compilePools(filled, context.pems);
  findings.push(...poolFindings);
  if (document === undefined || hasErrors(findings)) return { ...nothing, findings, layers };
  const { metadata } = filled.resource.value;
  const unit = {
    kind: 'api' as const,
    name: filled.resource.name,
    labels: { ...metadata.labels },
    owner: metadata.annotations?.['gitway.dev/owner'] ?? null,
    lifecycle: spec.lifecycle ?? 'active',
    visibility: spec.visibility ?? 'internal',
    route: routeOf(spec),
    pools: [...pools],
    plans,
    ...promisesOf(spec),
  };
  return { findings, unit, layers, policy };
}

export interface FinishedApi {
  /** Undefined where something is wrong. */
  readonly compiled?: CompiledApi;
  readonly findings: readonly Finding[];
}

/** The unit of a draft and its document. */
export function finishApi(draft: ApiDraft, model: OpenApiModel | null, context: EnvironmentContext): FinishedApi {
  if (model !== null && draft.last?.model === model) return draft.last.finished;
  const made = withoutDocument(draft, context);
  if (made.unit === null || model === null) return { findings: made.findings };
  context.runs.units++;
  const finished = finish(draft.filled, made, made.unit, model, context);
  draft.last = { model, finished, kept: false };
  return finished;
}

function finish(
  filled: FilledIn,
  { findings: found, layers, policy }: MadeApi,
  unit: NonNullable<MadeApi['unit']>,
  model: OpenApiModel,
  context: EnvironmentContext,
): FinishedApi {
  const { title, version, digest: openApiDigest, operations } = model;
  const pools = unit.pools.map(({ name }) => name);
  const findings = [...found, ...unknownNames(policy!.merged, operations, pools, layers, filled)];
  const planOperations = opensBy(unit.plans, filled, operations, context, findings);
  if (hasErrors(findings)) return { findings };
  const whole: ApiUnit = {
    ...unit,
    ...(Object.keys(planOperations).length === 0 ? {} : { planOperations }),
    openapi: { title, version, digest: openApiDigest },
    operations: [...operations],
    policy: policy!.make!(unit.name, operations),
  };
  return { compiled: { unit: whole, digest: digestOf(whole), filled, layers }, findings };
}

/** Where the document that an API names can be read again. */
export function sourceOf(
  { document }: ApiDraft,
  { others, model }: DocumentReading,
  { entries, remote }: Pick<CompileContext, 'entries' | 'remote'>,
): CompiledDocument {
  const files = [document!.path, ...others].flatMap((path) => {
    const entry = entries.get(path) ?? remote.entry(path);
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

const relativeHint = 'Give a path in this repository, relative to this file.';

function documentOf(
  spec: ApiSpec,
  filled: FilledIn,
  { lint }: Pick<CompileContext, 'lint'>,
  findings: Finding[],
): ApiDraft['document'] {
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
  const { settings, key } = lint;
  return { id: documentId(target.path, key), path: target.path, settings };
}

function routeOf({ route }: ApiSpec): ApiUnit['route'] {
  const { match, listeners } = route;
  return {
    hosts: [...new Set((route.hosts ?? []).map((host) => host.toLowerCase()))].sort(compare),
    basePath: route.basePath === '/' ? '/' : route.basePath.replace(/\/$/, ''),
    keepBasePath: route.keepBasePath ?? false,
    ...(route.onlyDeclaredOperations === true ? { onlyDeclaredOperations: true as const } : {}),
    ...(match === undefined
      ? {}
      : { match: match.map((one) => (one.in === 'header' ? { ...one, name: one.name.toLowerCase() } : one)) }),
    ...(listeners === undefined ? {} : { listeners: [...listeners].sort(compare) }),
  };
}

/** What is told and promised to callers. */
function promisesOf({ deprecation, slo }: ApiSpec): Pick<ApiUnit, 'deprecation' | 'slo'> {
  const promised = plainForm(apiResourceSchema.shape.spec, { slo }) as Pick<ApiUnit, 'slo'>;
  return {
    ...(deprecation === undefined ? {} : { deprecation }),
    ...(promised.slo === undefined ? {} : { slo: { ...{ windowMs: 30 * 86_400_000 }, ...promised.slo } }),
  };
}
