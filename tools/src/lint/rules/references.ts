import type { Rule } from '../rule.ts';
import type { WorkspacePackage } from '../workspace.ts';

const internal = (pkg: WorkspacePackage) =>
  [...pkg.dependencies, ...pkg.devDependencies].filter((name) => name.startsWith('@gitway/'));

export const references: Rule = {
  id: 'references',
  reason: 'TypeScript builds by the same graph that package.json declares, and that graph has no circles.',
  check(workspace) {
    const byName = new Map(workspace.packages.map((pkg) => [pkg.name, pkg]));
    const mismatches = workspace.packages.flatMap((pkg) => {
      const file = `${pkg.directory}/tsconfig.json`;
      const declared = new Set(internal(pkg));
      return [
        ...[...declared]
          .filter((name) => !pkg.references.has(name))
          .map((name) => ({ file, line: 1, message: `does not reference ${name}, which package.json declares` })),
        ...[...pkg.references]
          .filter((name) => !declared.has(name))
          .map((name) => ({ file, line: 1, message: `references ${name}, which package.json does not declare` })),
      ];
    });
    const circles = workspace.packages.flatMap((pkg) => {
      const circle = circleFrom(pkg.name, byName);
      // Told once, by its member that comes first.
      if (circle === null || [...circle].sort()[0] !== pkg.name) return [];
      const message = `is part of a circle: ${[...circle, pkg.name].join(' → ')}`;
      return [{ file: `${pkg.directory}/package.json`, line: 1, message }];
    });
    return [...mismatches, ...circles];
  },
};

/** The shortest way from a package back to itself, or null. */
function circleFrom(start: string, byName: ReadonlyMap<string, WorkspacePackage>): string[] | null {
  const queue: string[][] = [[start]];
  const seen = new Set<string>();
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const pkg = byName.get(path.at(-1)!);
    for (const next of pkg === undefined ? [] : internal(pkg)) {
      if (next === start) return path;
      if (!seen.has(next)) {
        seen.add(next);
        queue.push([...path, next]);
      }
    }
  }
  return null;
}
