import { exampleEnvironment } from './example-workspace.ts';
import type { Rule } from './rule.ts';

/** Rules about what several sources define together. */
export const sourceRules: readonly Rule[] = [
  {
    id: 'environment-of-another-source',
    severity: 'error',
    live: true,
    summary: 'A commit defines an environment that another source (repository) defines already.',
    why:
      'An environment is what one commit of one source says. With two, each commit would take the other’s APIs off. ' +
      'The first source with a good commit has it, until a later commit of that branch no longer defines it.',
    fix: 'Name it otherwise, or take it out of the other source first. Where that source is gone, name it under `spec.replacesSource`: the environment then moves over, and further commits of the other source are refused for it.',
    bad: { 'staging.yaml': exampleEnvironment },
    good: { 'staging.yaml': `${exampleEnvironment}  replacesSource: old-shop\n` },
  },
];
