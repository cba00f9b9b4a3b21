import type { Rule } from '../rule.ts';

export const onlyThroughIndex: Rule = {
  id: 'only-through-index',
  reason: 'A package is used through its index (and declared subpaths) alone; what lies behind may change.',
  check(workspace) {
    const entries = new Set(workspace.packages.flatMap((pkg) => [...pkg.entries]));
    return workspace.packages.flatMap((pkg) =>
      pkg.files.flatMap((file) => {
        const depth = file.inPackage.split('/').length - 1;
        return file.imports
          .filter(({ specifier }) =>
            specifier.startsWith('@gitway/')
              ? !entries.has(specifier)
              : specifier.startsWith('.') && (specifier.match(/\.\.\//g)?.length ?? 0) >= depth,
          )
          .map(({ specifier, line }) => ({
            file: file.path,
            line,
            message: `imports ${specifier}: only what a package's "exports" name may be imported from outside of it`,
          }));
      }),
    );
  },
};
