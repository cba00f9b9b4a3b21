import type { Finding } from '@gitway/contracts';
import { locationOf, type EnvironmentResource } from '@gitway/resources';
import type { Located } from './collect-files.ts';
import { finding } from './findings.ts';
import type { ResourceIndex } from './resource-index.ts';

const MAX_NAMED = 10;

/** The branch that each environment follows: its own, or that of the environment that it promotes from. */
export function branchesOf(index: ResourceIndex): { of: Map<string, string>; findings: Finding[] } {
  const environments = index.all('Environment');
  const of = new Map<string, string>();
  const findings: Finding[] = [];
  const done = new Set<string>();
  for (const { resource } of environments) {
    const from = specOf(resource).promoteFrom;
    const place = () => locationOf(resource, ['spec', 'promoteFrom']);
    const unknown = from === undefined ? undefined : index.unknownReference('Environment', from, place);
    if (unknown !== undefined) findings.push(unknown);

    const path = new Map<string, Located>();
    let current = index.get('Environment', resource.name);
    while (current !== undefined && !done.has(current.resource.name) && !path.has(current.resource.name)) {
      path.set(current.resource.name, current);
      current = before(current, index);
    }
    const names = [...path.keys()];
    const entry = current?.resource.name;
    const circle = entry !== undefined && path.has(entry) ? names.splice(names.indexOf(entry)) : [];
    if (circle.length > 0) findings.push(...circleFindings(circle.map((name) => path.get(name)!)));
    let branch = entry === undefined ? undefined : of.get(entry);
    // Of a circle it is the branch of the next one that has one, going up: a second round reaches all members.
    for (const name of [...names, ...circle, ...circle].reverse()) {
      if (name === names.at(-1)) branch = entry === undefined ? undefined : of.get(entry);
      branch = specOf(path.get(name)!.resource).source?.branch ?? branch;
      if (branch !== undefined) of.set(name, branch);
      done.add(name);
    }
  }
  return { of, findings };
}

const specOf = (resource: Located['resource']) => resource.value.spec as EnvironmentResource['spec'];

function before({ resource }: Located, index: ResourceIndex): Located | undefined {
  const from = specOf(resource).promoteFrom;
  return from === undefined ? undefined : index.get('Environment', from);
}

function circleFindings(circle: readonly Located[]): Finding[] {
  return circle.map(({ resource }, start) => {
    const names = Array.from(
      { length: Math.min(circle.length, MAX_NAMED) },
      (_, step) => circle[(start + step) % circle.length]!.resource.name,
    );
    const rest = circle.length > MAX_NAMED ? [`${circle.length - MAX_NAMED} more`] : [];
    const message = `Environments promote from each other in a circle: ${[...names, ...rest, resource.name].join(' ← ')}.`;
    const place = locationOf(resource, ['spec', 'promoteFrom']);
    return finding('promotion-circle', 'error', place, message, 'One of them must be the first.');
  });
}
