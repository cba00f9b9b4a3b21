import type { Finding } from '@gitway/contracts';
import { locationOf, type EnvironmentResource } from '@gitway/resources';
import { finding } from './findings.ts';
import { withFindings } from './with-findings.ts';
import type { CompiledWorkspace, CompileResult } from './workspace.ts';

export interface Ownership {
  /** Environments that the workspace defines; null where something could not be read that might define more. */
  readonly defined: readonly string[] | null;
  /** Environment → the source whose definition of it this one takes the place of. */
  readonly replaced: ReadonlyMap<string, string>;
}

/** What a workspace says of whose its environments are. */
export function ownershipOf({ index, findings }: CompiledWorkspace): Ownership {
  const unsure = findings.some(({ severity, rule }) => severity === 'error' && rule !== 'no-environment');
  const all = index.all('Environment');
  const replaced = new Map<string, string>();
  for (const { resource } of all) {
    const { replacesSource } = resource.value.spec as EnvironmentResource['spec'];
    if (replacesSource !== undefined) replaced.set(resource.name, replacesSource);
  }
  return { defined: unsure ? null : all.map(({ resource }) => resource.name), replaced };
}

/** @param owners the other source that each of these environments belongs to */
export function environmentsOfOthers(
  { index }: CompiledWorkspace,
  owners: ReadonlyMap<string, string>,
): Map<string, Finding[]> {
  return new Map(
    [...owners].map(([name, source]) => {
      const resource = index.get('Environment', name)?.resource;
      const place =
        resource === undefined ? { object: `Environment/${name}` } : locationOf(resource, ['metadata', 'name']);
      const message = `Environment \`${name}\` is defined by source \`${source}\`, so this one cannot go live there.`;
      const hint = `Give it another name, or take it out of \`${source}\` first; where that source is gone, say \`replacesSource: ${source}\` here.`;
      return [name, [finding('environment-of-another-source', 'error', place, message, hint)]];
    }),
  );
}

/** A compile with some environments refused on top, for what a platform knows besides. */
export function refuseEnvironments<R extends CompileResult>(
  result: R,
  byEnvironment: ReadonlyMap<string, readonly Finding[]>,
): R {
  if (byEnvironment.size === 0) return result;
  const told = withFindings(result, byEnvironment);
  return {
    ...told,
    environments: told.environments.map((each) =>
      byEnvironment.has(each.name) ? { ...each, snapshot: null, digest: null, units: new Map() } : each,
    ),
  };
}
