import { isBuiltin } from 'node:module';
import type { Rule } from '../rule.ts';
import { packageOf, type WorkspacePackage } from '../workspace.ts';

/** Which layers a layer may import. Specs of a service may use an app (the example's Git server). */
const allowed: Record<string, readonly string[]> = {
  'layer:contracts': [],
  'layer:lib': ['layer:contracts', 'layer:lib'],
  'layer:service': ['layer:contracts', 'layer:lib'],
  'layer:app': ['layer:contracts', 'layer:lib'],
  'layer:tool': ['layer:contracts', 'layer:lib', 'layer:app', 'layer:tool'],
};

const byDirectory: readonly [RegExp, string][] = [
  [/^libs\/contracts$/, 'layer:contracts'],
  [/^libs\//, 'layer:lib'],
  [/^services\//, 'layer:service'],
  [/^(cli|examples)$/, 'layer:app'],
  [/^(tools|bench|e2e)$/, 'layer:tool'],
];

const layerOf = (pkg: WorkspacePackage) => pkg.tags.find((tag) => tag.startsWith('layer:'));

export const layers: Rule = {
  id: 'layers',
  reason: 'Services import libs only, libs import libs, contracts import nothing but zod and Node itself.',
  check(workspace) {
    const byName = new Map(workspace.packages.map((pkg) => [pkg.name, pkg]));
    return workspace.packages.flatMap((pkg) => {
      const layer = layerOf(pkg);
      const expected = byDirectory.find(([pattern]) => pattern.test(pkg.directory))?.[1];
      if (layer === undefined || layer !== expected) {
        const message = `has the tag ${layer ?? 'of no layer'}; by its folder it is ${expected ?? 'of none: place it'}`;
        return [{ file: `${pkg.directory}/package.json`, line: 1, message }];
      }
      return pkg.files.flatMap((file) =>
        file.imports.flatMap(({ specifier, line }) => {
          const at = { file: file.path, line };
          const target = byName.get(packageOf(specifier));
          if (layer === 'layer:contracts' && !file.test) {
            const fine = specifier.startsWith('.') || specifier === 'zod' || isBuiltin(specifier);
            return fine ? [] : [{ ...at, message: `imports ${specifier}: contracts import zod and Node only` }];
          }
          if (target === undefined || target === pkg) return [];
          const targetLayer = layerOf(target) ?? '';
          const mayImport = allowed[layer]!.includes(targetLayer) || (file.test && targetLayer === 'layer:app');
          if (!mayImport) return [{ ...at, message: `imports ${specifier}: ${layer} may not import ${targetLayer}` }];
          if (
            pkg.tags.includes('pure') &&
            !file.test &&
            layerOf(target) === 'layer:lib' &&
            !target.tags.includes('pure')
          ) {
            return [
              { ...at, message: `imports ${specifier}: a pure package may import contracts and pure packages only` },
            ];
          }
          return [];
        }),
      );
    });
  },
};
