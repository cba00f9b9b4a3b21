import { exampleApi, exampleEnvironment } from './example-workspace.ts';
import type { Rule } from './rule.ts';

const ruleSet = (guardrails: string) =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house-rules }\nspec:\n  guardrails:\n${guardrails}`;
const own = (expression: string, id = 'named-hosts') =>
  `    - id: ${id}
      severity: warning
      appliesTo: { kind: Api }
      expression: ${expression}
      message: Api \${api.name} names no host.
      hint: Name one under \`route.hosts\`.
`;

/** Rules about RuleSets. What a guardrail itself finds has its own id. */
export const guardrailRules: readonly Rule[] = [
  {
    id: 'guardrail-expression',
    severity: 'error',
    summary: 'An expression of a guardrail is no CEL, names what does not exist, or has types that do not fit.',
    why: 'A rule that quietly never finds anything protects nothing. So it is refused before it is evaluated.',
    fix: 'Mend the part that the finding points at; `docs/guardrails/README.md` lists names and types.',
    bad: { 'rules.yaml': ruleSet(own('size(api.route.host) > 0')) },
    good: { 'rules.yaml': ruleSet(own('size(api.route.hosts) > 0')) },
  },
  {
    id: 'guardrail-failed',
    severity: 'warning',
    summary: 'A guardrail could not be evaluated for one part of the configuration.',
    why: 'It took a field that is not there, or more steps than it may take, and so has no answer. It has the severity of the rule.',
    fix: 'Ask with `has(…)` before taking an optional field; make what takes too long simpler.',
    bad: { 'rules.yaml': ruleSet(own('api.policy.auth.query == "k"')) },
    good: { 'rules.yaml': ruleSet(own('!has(api.policy.auth.query) || api.policy.auth.query == "k"')) },
  },
  {
    id: 'rule-on-trial',
    severity: 'info',
    summary: 'A RuleSet that is on trial (`mode: trial`) has a rule that would refuse something.',
    why: 'A new rule is tried on everything that there is before it refuses anybody’s commit.',
    fix: 'Mend what it names, or change the rule; then set `mode: enforce`.',
    bad: {
      'rules.yaml': ruleSet('    - { use: upstream-tls, severity: error }\n').replace('spec:', 'spec:\n  mode: trial'),
    },
    good: { 'rules.yaml': ruleSet('    - { use: upstream-tls, severity: error }\n') },
  },
  {
    id: 'rule-set-impact',
    severity: 'warning',
    live: true,
    summary: 'What a commit adds to a RuleSet, or changes in one, would hit something that is live.',
    why:
      'What is live was let pass by the rules of its day. Whoever changes the rules sees whose next commit they refuse, ' +
      'before the rules are enforced. An info where the rule only warns. For the policy of breaking changes it says whose ' +
      'next change would be refused, as they are called today.',
    fix: 'Mend what it names first, put the RuleSet on trial (`mode: trial`), or go on knowingly. `gitway rules impact` asks beforehand.',
    bad: { 'rules.yaml': ruleSet('    - { use: upstream-tls, severity: error }\n') },
    good: { 'rules.yaml': ruleSet('    - { use: upstream-tls, severity: error }\n') },
  },
  {
    id: 'guardrail-unknown',
    severity: 'error',
    summary: 'A RuleSet takes in, or overrides, a rule that does not exist.',
    why: 'Somebody relies on a check that is not made.',
    fix: 'Correct the id; `gitway rules list` shows all of them.',
    bad: { 'rules.yaml': ruleSet('    - use: upstream-tsl-outside\n') },
    good: { 'rules.yaml': ruleSet('    - use: upstream-tls-outside\n') },
  },
  {
    id: 'guardrail-duplicate',
    severity: 'error',
    summary: 'Two rules have one id.',
    why: 'Findings, overrides and documentation go by the id.',
    fix: 'Choose another id for your own rule.',
    bad: { 'rules.yaml': ruleSet(own('size(api.route.hosts) > 0', 'public-api-hosts')) },
    good: {
      'pets/api.yaml': exampleApi,
      'staging.yaml': exampleEnvironment,
      'rules.yaml': ruleSet(own('size(api.route.hosts) > 0')),
    },
  },
];
