import type { EffectivePolicy, Finding, Operation } from '@gitway/contracts';
import { suggest, type AuthSpec, type PolicyFields } from '@gitway/resources';
import { compare, finding } from '../../findings.ts';
import type { PemFiles } from '../../pem-files.ts';
import type { FilledIn } from '../fill-in.ts';
import { authFiles, authGaps, operationAuth } from './lower-auth.ts';
import { lowerPolicy } from './lower-policy.ts';
import { mergeLayers } from './merge-layers.ts';
import { originOf, placeOfPolicy, type Layer } from './policy-layers.ts';

export interface PolicyReading {
  readonly merged: PolicyFields;
  /** Undefined where a file or a way to authenticate cannot be used; the findings say why. */
  readonly make: ((api: string, operations: readonly Operation[]) => EffectivePolicy) | undefined;
  readonly findings: readonly Finding[];
}

/** Merges the layers and reads the files that they name. What depends on the OpenAPI document comes when it is made. */
export function readPolicy(layers: readonly Layer[], api: FilledIn, pems: PemFiles): PolicyReading {
  const merged = mergeLayers(layers.map((layer) => layer.policy));
  const findings: Finding[] = [];
  const blocks = new Map<string, readonly string[]>();
  for (const { path, file } of merged.auth === undefined ? [] : authFiles(merged.auth)) {
    const from = originOf(layers, 'auth')!.layer.filled.resource.file.path;
    const reading = pems.read(from, file);
    if ('rule' in reading) {
      const where = placeOfPolicy(layers, api, ['auth', ...path]);
      findings.push(finding(reading.rule, 'error', where, reading.message, reading.hint));
    } else blocks.set(file, reading.blocks);
  }
  findings.push(...operationAuthGaps(merged, layers, api));
  const usable = !findings.some((item) => item.severity === 'error');
  const make = (name: string, operations: readonly Operation[]) =>
    lowerPolicy(merged, {
      api: name,
      methods: [...new Set(operations.map((operation) => operation.method.toUpperCase()))].sort(compare),
      pem: (file) => blocks.get(file) ?? [],
    });
  return { merged, make: usable ? make : undefined, findings };
}

function operationAuthGaps(merged: PolicyFields, layers: readonly Layer[], api: FilledIn): Finding[] {
  const base: AuthSpec = merged.auth ?? { anyOf: ['apiKey'] };
  return Object.entries(merged.operations ?? {}).flatMap(([operation, { auth }]) =>
    (auth === undefined ? [] : authGaps(operationAuth(base, auth))).map((gap) =>
      finding(
        'operation-authentication',
        'error',
        placeOfPolicy(layers, api, ['operations', operation, 'auth']),
        `Operation \`${operation.slice(0, 100)}\` ${gap}.`,
        'Give the way its settings under `policy.auth` of the API.',
      ),
    ),
  );
}

/** Operations and pools that the policy names and the API does not have. */
export function unknownNames(
  merged: PolicyFields,
  operations: readonly Operation[],
  pools: readonly string[],
  layers: readonly Layer[],
  api: FilledIn,
): Finding[] {
  const findings: Finding[] = [];
  const ids = new Set(operations.map(({ id }) => id));
  const check = (rule: string, what: string, name: string, known: Iterable<string>, path: (string | number)[]) => {
    const origin = originOf(layers, String(path[0]));
    // A shared policy may name what only some of its APIs have.
    const own = origin === undefined || origin.layer.filled === api;
    const near = suggest(name, known);
    findings.push(
      finding(
        rule,
        own ? 'error' : 'warning',
        placeOfPolicy(layers, api, path),
        `API \`${api.resource.name}\` has no ${what} \`${name.slice(0, 100)}\`.`,
        near === undefined
          ? `Name ${what === 'pool' ? 'one of its pools' : 'an operationId of its document'}.`
          : `Did you mean \`${near}\`?`,
      ),
    );
  };
  for (const id of Object.keys(merged.operations ?? {})) {
    if (!ids.has(id)) check('unknown-operation', 'operation', id, ids, ['operations', id]);
  }
  (merged.allow?.operations ?? []).forEach((id, index) => {
    if (!ids.has(id)) check('unknown-operation', 'operation', id, ids, ['allow', 'operations', index]);
  });
  for (const group of ['canary', 'mirror'] as const) {
    const pool = merged[group]?.pool;
    if (pool !== undefined && !pools.includes(pool)) check('unknown-pool', 'pool', pool, pools, [group, 'pool']);
  }
  return findings;
}
