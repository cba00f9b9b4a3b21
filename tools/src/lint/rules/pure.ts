import type { Rule } from '../rule.ts';
import { lineOf } from '../source-text.ts';
import { packageOf } from '../workspace.ts';

const forbiddenPackages =
  /^(@nestjs\/.*|@nats-io\/.*|typeorm|pg|bullmq|ioredis|simple-git|express|@opentelemetry\/.*|@gitway\/(messaging|persistence|jobs|http|service|observability|config|servers|testing))$/;
const forbiddenModules =
  /^(node:)?(fs|net|tls|dgram|dns|http|https|http2|child_process|worker_threads|cluster|timers|perf_hooks|readline)$/;
/** Of modules that do I/O, what does none. */
const harmless: Record<string, RegExp> = {
  'node:net': /^\{\s*(isIP|isIPv4|isIPv6)(\s*,\s*(isIP|isIPv4|isIPv6))*\s*,?\s*\}$/,
};
const clocks: readonly [RegExp, string][] = [
  [/\bDate\.now\s*\(/g, 'reads the clock (Date.now): be given `now`'],
  [/\bnew\s+Date\s*\(\s*\)/g, 'reads the clock (new Date()): be given `now`'],
  [/\bperformance\.now\s*\(/g, 'reads the clock (performance.now): be given `now`'],
  [/\b(setTimeout|setInterval|setImmediate)\s*\(/g, 'waits: return what is to happen later instead'],
  [/\bfetch\s*\(/g, 'talks to the network: be given what is needed'],
];

export const pure: Rule = {
  id: 'pure',
  reason:
    'Packages tagged pure and every domain/ folder do no I/O and read no clock, so they can be tested by values alone.',
  check(workspace) {
    return workspace.packages.flatMap((pkg) =>
      pkg.files
        // What writes generated files at development time lies in tools/ and is no part of the package.
        .filter(
          (file) =>
            !file.test &&
            !file.inPackage.startsWith('src/tools/') &&
            (pkg.tags.includes('pure') || file.inPackage.startsWith('src/domain/')),
        )
        .flatMap((file) => [
          ...file.imports
            .filter(({ specifier, typeOnly, clause }) => {
              const name = packageOf(specifier);
              return (
                !typeOnly &&
                harmless[specifier]?.test(clause) !== true &&
                (forbiddenPackages.test(name) || forbiddenModules.test(name))
              );
            })
            .map(({ specifier, line }) => ({ file: file.path, line, message: `imports ${specifier} into pure code` })),
          ...clocks.flatMap(([pattern, message]) =>
            [...file.bareCode.matchAll(pattern)].map((match) => ({
              file: file.path,
              line: lineOf(file.bareCode, match.index),
              message,
            })),
          ),
        ]),
    );
  },
};
