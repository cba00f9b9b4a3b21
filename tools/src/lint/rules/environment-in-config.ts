import type { Rule } from '../rule.ts';
import { lineOf } from '../source-text.ts';

/** The preload starts telemetry before anything else can be loaded, configuration included. */
const allowedFile = /(^|\/)(config|preload)\.ts$/;
const exempt = new Set(['@gitway/config', '@gitway/servers', '@gitway/testing', '@gitway/examples']);

export const environmentInConfig: Rule = {
  id: 'environment-in-config',
  reason: 'The environment is parsed once, at boot, by a schema that names each bad variable.',
  check(workspace) {
    return workspace.packages
      .filter((pkg) => !exempt.has(pkg.name) && !pkg.tags.includes('layer:tool'))
      .flatMap((pkg) =>
        pkg.files
          .filter((file) => !file.test && !allowedFile.test(file.inPackage))
          .flatMap((file) =>
            [...file.bareCode.matchAll(/\bprocess\.env\b/g)].map((match) => ({
              file: file.path,
              line: lineOf(file.bareCode, match.index),
              message: 'reads process.env: declare the variable in config.ts',
            })),
          ),
      );
  },
};
