import { exampleOpenApi } from './example-workspace.ts';
import type { Rule } from './rule.ts';

const named = (path = './.spectral.yaml') =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house-rules }\nspec:\n  openapi: { rulesets: [${path}] }\n`;
const rule = (then: string, name = 'title-capital') =>
  `rules:\n  ${name}:\n    given: $.info.title\n    then: ${then}\n`;
const capital = "{ function: pattern, functionOptions: { match: '^[A-Z]' } }";
const good = { '.spectral.yaml': rule(capital), 'rules.yaml': named() };
const examples = 'extends: [[spectral:oas, off]]\nrules: { oas3-valid-media-example: warn }\n';

/** Rules about Spectral rulesets. What a ruleset itself finds has the id of its rule, after `spectral-`. */
export const rulesetRules: readonly Rule[] = [
  {
    id: 'ruleset-invalid',
    severity: 'error',
    summary: 'A file that a RuleSet names is not a Spectral ruleset.',
    why: 'Somebody relies on checks that would not be made.',
    fix: 'Mend what the finding says; the format is that of the files that Spectral itself takes.',
    bad: { '.spectral.yaml': rule('{ function: pattern, functionOptions: { matches: A } }'), 'rules.yaml': named() },
    good,
  },
  {
    id: 'ruleset-refused',
    severity: 'error',
    summary: 'A Spectral ruleset would run code, or fetch another ruleset.',
    why: 'Whoever may push to a repository could then run code where commits are checked. Rulesets in JavaScript, rulesets from packages and from hosts that are not allowed, scripts in JSONPath filters and expressions in messages are not let through, and JavaScript functions not unless the source is allowed them; they are then run in a sandbox.',
    fix: 'Use the core functions, put rulesets that you extend into the repository, write a guardrail, or have the source allowed functions: `GITWAY_RULESET_FUNCTIONS` of the validator, `--allow-ruleset-functions` of `gitway check`.',
    bad: { '.spectral.yaml': rule('{ function: my-check }'), 'rules.yaml': named() },
    good,
  },
  {
    id: 'ruleset-failed',
    severity: 'error',
    summary: 'A Spectral ruleset could not be applied to a document.',
    why: 'One of its rules threw an error, and so nothing is known about the document.',
    fix: 'Mend the rule that the message speaks of.',
    bad: { '.spectral.yaml': rule("{ function: pattern, functionOptions: { match: '(' } }"), 'rules.yaml': named() },
    good,
  },
  {
    id: 'ruleset-examples',
    severity: 'info',
    summary: 'The examples of a large document were not tried on their schemas.',
    why: "Spectral's rules for that take minutes on documents of more than 500 kB, and would hold up every commit.",
    fix: 'Keep large examples in a document of their own, or do without those rules: they are `oas3-valid-media-example`, `oas3-valid-schema-example`, and the same for `oas2`.',
    bad: {
      '.spectral.yaml': examples,
      'rules.yaml': named(),
      'pets/openapi.yaml': `${exampleOpenApi}# ${'-'.repeat(500_000)}\n`,
    },
    good: { '.spectral.yaml': examples, 'rules.yaml': named() },
  },
];
