import type { ApiUnit, Finding, Pool } from '@gitway/contracts';
import { digestOf } from '@gitway/contracts';
import { openApiLimits, suggest, type ApiResource, type PolicyFields } from '@gitway/resources';
import { compare, finding, hasErrors } from '../findings.ts';
import { readOpenApi, type OpenApiReading } from '../openapi/read-openapi.ts';
import { resolvePath } from '../paths.ts';
import type { JudgedFindings } from '../verdicts/verdicts.ts';
import type { EnvironmentContext } from './context.ts';
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

interface ApiOutcome {
  /** Missing where something in it is wrong. */
  readonly compiled?: CompiledApi;
  readonly findings: Finding[];
  /** Those about its document, judged already. */
  readonly document: JudgedFindings;
}

const nothing: JudgedFindings = { findings: [], suppressed: [] };

/** Compiles one API for one environment. */
export async function compileApi(filled: FilledIn, context: EnvironmentContext): Promise<ApiOutcome> {
  if (filled.spec === null) return { findings: [...filled.findings], document: nothing };
  const spec = filled.spec as ApiSpec;
  const findings: Finding[] = [...filled.findings];
  const named = policyLayers(spec, filled, context, findings);
  const layers: PolicyLayer[] = [...named, { id: '', name: null, policy: spec.policy ?? {} }];
  const policy = mergePolicies(layers.map((layer) => layer.policy));
  const plans = plansOf(spec, filled, context, findings, policy.auth.kind === 'none');
  const lifecycle = spec.lifecycle ?? 'active';
  const visibility = spec.visibility ?? 'internal';
  const document = await openApiOf(spec, filled, context, findings);
  let judged = nothing;
  if (document !== undefined) {
    context.verdicts.suppressions.learn(document);
    judged = context.verdicts.judge(document.findings, {
      environment: context.environment,
      api: { lifecycle, visibility },
      object: `Api/${filled.resource.name}`,
      document,
    });
  }
  // Layers, plans or document that are wrong leave nothing to build, but the upstreams are looked at all the same.
  const { pools, findings: poolFindings } = poolsOf(spec, filled);
  findings.push(...poolFindings);
  if (document?.model == null || hasErrors(findings) || hasErrors(judged.findings))
    return { findings, document: judged };

  const madeFrom = [filled.id, document.model.digest, ...named.map((layer) => layer.id), ...plans].join('\n');
  const key = `api:${madeFrom}`;
  const kept = context.cache.get(key) as (Omit<CompiledApi, 'filled' | 'layers'> & { openapi: object }) | undefined;
  if (kept !== undefined && kept.openapi === document.model) {
    return { compiled: { unit: kept.unit, digest: kept.digest, filled, layers }, findings, document: judged };
  }
  const { metadata } = filled.resource.value;
  const { title, version, digest: openApiDigest, operations } = document.model;
  const unit: ApiUnit = {
    kind: 'api',
    name: filled.resource.name,
    labels: { ...metadata.labels },
    owner: metadata.annotations?.['gitway.dev/owner'] ?? null,
    lifecycle,
    visibility,
    route: {
      hosts: [...new Set((spec.route.hosts ?? []).map((host) => host.toLowerCase()))].sort(compare),
      basePath: spec.route.basePath === '/' ? '/' : spec.route.basePath.replace(/\/$/, ''),
      keepBasePath: spec.route.keepBasePath ?? false,
    },
    openapi: { title, version, digest: openApiDigest },
    operations: [...operations],
    pools,
    plans,
    policy,
  };
  const compiled = { unit, digest: digestOf(unit) };
  context.cache.set(key, { ...compiled, openapi: document.model });
  return { compiled: { ...compiled, filled, layers }, findings, document: judged };
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

async function openApiOf(
  spec: ApiSpec,
  filled: FilledIn,
  context: EnvironmentContext,
  findings: Finding[],
): Promise<OpenApiReading | undefined> {
  const { entries, reader, cache } = context;
  const refuse = (rule: string, message: string, hint?: string) => {
    findings.push(finding(rule, 'error', filled.placeOf(['spec', 'openapi']), message, hint));
    return undefined;
  };
  const target = resolvePath(filled.resource.file.path, spec.openapi);
  const relative = 'Give a path in this repository, relative to this file.';
  if ('refused' in target) {
    const message = {
      remote: 'is not a path but a URL',
      absolute: 'is an absolute path',
      outside: 'leads out of the repository',
    }[target.refused];
    return refuse('path-outside-repository', `\`${spec.openapi.slice(0, 120)}\` ${message}.`, relative);
  }
  context.referenced.add(target.path);
  const entry = entries.get(target.path);
  if (entry === undefined) {
    const near = suggest(target.path, entries.keys());
    return refuse(
      'missing-file',
      `There is no file \`${target.path.slice(0, 200)}\`.`,
      near === undefined ? relative : `Did you mean \`${near}\`?`,
    );
  }
  if (entry.mode !== '100644' && entry.mode !== '100755') {
    return refuse(
      'symlink',
      `\`${target.path}\` is a symbolic link or a submodule; these are never followed.`,
      'Put the file itself here.',
    );
  }
  if (entry.size > openApiLimits.maxBytes) {
    return refuse(
      'file-too-large',
      `\`${target.path}\` is larger than ${openApiLimits.maxBytes / 1e6} MB.`,
      'Split it, or leave out what callers do not need.',
    );
  }
  const key = entry.path;
  const reading = context.documents.get(key) ?? readOpenApi(entry, entries, reader, cache);
  context.documents.set(key, reading);
  return reading;
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
