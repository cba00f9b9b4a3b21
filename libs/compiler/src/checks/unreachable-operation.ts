import type { Finding, Operation } from '@gitway/contracts';
import { finding } from '../findings.ts';
import type { CompiledApi } from '../environment/compile-api.ts';
import { MAX_ALIKE, type EnvironmentCheck } from './check.ts';
import { basePathsAbove, claimKey, claimsOf, hostsOf } from './hosts.ts';

/** Calls go to the API with the longest base path: what the outer one declares below the inner one's is never asked. */
export const unreachableOperation: EnvironmentCheck = {
  needsAll: false,
  run({ apis }) {
    const claims = claimsOf(apis);
    const outer = new Set<CompiledApi>();
    for (const api of apis) {
      const above = basePathsAbove(api.unit.route.basePath);
      if (above.length === 0) continue;
      for (const host of hostsOf(api)) {
        for (const basePath of above) {
          const around = claims.get(claimKey(host, basePath));
          if (around !== undefined && around !== api) outer.add(around);
        }
      }
    }
    return [...outer].flatMap((api) => hiddenIn(api, claims)).slice(0, MAX_ALIKE);
  },
};

interface Hidden {
  readonly operations: Set<Operation>;
  readonly hosts: Set<string>;
}

function hiddenIn(api: CompiledApi, claims: ReadonlyMap<string, CompiledApi>): Finding[] {
  const hidden = new Map<CompiledApi, Hidden>();
  for (const host of hostsOf(api)) {
    for (const operation of api.unit.operations) {
      const by = winner(api, operation, host, claims);
      if (by === undefined) continue;
      const known = hidden.get(by) ?? { operations: new Set(), hosts: new Set() };
      hidden.set(by, known);
      known.operations.add(operation);
      known.hosts.add(host);
    }
  }
  return [...hidden].map(([by, { operations, hosts }]) => {
    const everywhere = hosts.size === hostsOf(api).length;
    const where = everywhere ? '' : ` on ${[...hosts].map((host) => `\`${host}\``).join(', ')}`;
    const names = [...operations].slice(0, 5).map(({ method, path }) => `\`${method} ${path}\``);
    const more = operations.size > names.length ? ` and ${operations.size - names.length} more` : '';
    const { basePath } = by.unit.route;
    const many = operations.size > 1;
    return {
      ...finding(
        'unreachable-operation',
        'warning',
        api.filled.placeOf(['spec', 'route', 'basePath']),
        `${names.join(', ')}${more} cannot be reached${where}: calls below \`${basePath}\` go to API \`${by.unit.name}\`.`,
        `Give one of the two APIs another base path, or take the operation${many ? 's' : ''} out of the document.`,
      ),
      related: [
        { where: by.filled.placeOf(['spec', 'route', 'basePath']), message: `\`${by.unit.name}\` claims it here.` },
      ],
    };
  });
}

/** The API with a longer base path that every call of the operation goes to. */
function winner(
  api: CompiledApi,
  operation: Operation,
  host: string,
  claims: ReadonlyMap<string, CompiledApi>,
): CompiledApi | undefined {
  const base = api.unit.route.basePath === '/' ? '' : api.unit.route.basePath;
  const literal = operation.path.split('/').slice(1);
  const end = literal.findIndex((segment) => segment.includes('{'));
  const fixed = end === -1 ? literal : literal.slice(0, end);
  for (let length = fixed.length; length > 0; length--) {
    const by = claims.get(claimKey(host, `${base}/${fixed.slice(0, length).join('/')}`));
    if (by !== undefined && by !== api) return by;
  }
  return undefined;
}
