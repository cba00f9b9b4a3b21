import type { Rule } from '../rule.ts';
import { lineOf } from '../source-text.ts';
import { packageOf } from '../workspace.ts';

const forbiddenPackages =
  /^(@nestjs\/.*|@nats-io\/.*|typeorm|pg|bullmq|ioredis|simple-git|express|@opentelemetry\/.*|@gitway\/(messaging|persistence|jobs|http|service|observability|config|servers|testing))$/;
const forbiddenModules =
  /^(node:)?(fs|net|tls|dgram|dns|http|https|http2|child_process|worker_threads|cluster|timers|perf_hooks|readline)$/;
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
        .filter((file) => !file.test && (pkg.tags.includes('pure') || file.inPackage.startsWith('src/domain/')))
        .flatMap((file) => [
          ...file.imports
            .filter(({ specifier, typeOnly }) => {
              const name = packageOf(specifier);
              return !typeOnly && (forbiddenPackages.test(name) || forbiddenModules.test(name));
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
