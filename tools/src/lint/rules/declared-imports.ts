import { isBuiltin } from 'node:module';
import type { Rule } from '../rule.ts';
import { packageOf } from '../workspace.ts';

export const declaredImports: Rule = {
  id: 'declared-imports',
  reason: 'What a package imports is what its package.json declares: the declared dependencies are the borders.',
  check(workspace) {
    return workspace.packages.flatMap((pkg) =>
      pkg.files.flatMap((file) =>
        file.imports
          .filter(({ specifier }) => !specifier.startsWith('.') && !isBuiltin(specifier))
          .filter(({ specifier, typeOnly }) => {
            const name = packageOf(specifier);
            if (name === pkg.name) return !file.test;
            if (pkg.dependencies.has(name)) return false;
            if (file.test) return !pkg.devDependencies.has(name) && !workspace.rootDevDependencies.has(name);
            const types = `@types/${name}`;
            return !(typeOnly && (workspace.rootDevDependencies.has(types) || pkg.devDependencies.has(types)));
          })
          .map(({ specifier, line }) => ({
            file: file.path,
            line,
            message: `imports ${specifier}, which ${pkg.directory}/package.json does not declare${file.test ? '' : ' as a dependency'}`,
          })),
      ),
    );
  },
};
