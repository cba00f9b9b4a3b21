import { exampleApi, exampleOpenApi } from './example-workspace.ts';
import type { Rule } from './rule.ts';

/** Examples are tried on this day. */
export const exampleDay = '2026-11-20';

const withoutId = exampleOpenApi.replace('      operationId: readDog\n', '');
const ignoring = (document: string, until: string, reason = 'reason: the client names it') => ({
  'pets/openapi.yaml': document.replace(
    '    get:\n',
    `    get:\n      x-gitway-ignore: [{ rule: openapi-operation-id, ${reason}, until: ${until} }]\n`,
  ),
});
const ruleSet = (rules: string) =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house-rules }\nspec:\n  rules: { ${rules} }\n`;

/** Rules about severities and suppressions themselves. */
export const suppressionRules: readonly Rule[] = [
  {
    id: 'rule-fixed',
    severity: 'error',
    summary: 'A RuleSet gives a severity to a rule that has to stand as it is.',
    why: 'What cannot be read cannot be compiled, and what is not safe is not compiled, whatever severity that has.',
    fix: 'Take the rule out of `rules` and `overrides`; mend what it points at.',
    bad: { 'rules.yaml': ruleSet('openapi-syntax: warning') },
    good: { 'rules.yaml': ruleSet('openapi-operation-id: error') },
  },
  {
    id: 'ignore-invalid',
    severity: 'warning',
    summary: 'A suppression is not applied: it is not complete, works for too long, or its rule cannot be passed over.',
    why: 'Each suppression says why, and until when, so that somebody looks again. Some rules have to stand.',
    fix: 'Give `rule`, `reason` and `until` (a day, at most a year ahead); mend what an error of Gitway itself points at.',
    bad: ignoring(withoutId, '2040-01-31'),
    good: ignoring(withoutId, '2027-01-31'),
  },
  {
    id: 'ignore-expired',
    severity: 'warning',
    summary: 'The last day of a suppression is over; the findings that it covered count again.',
    why: 'What was to be mended by then is still there, or the suppression is left over.',
    fix: 'Mend what the findings point at and delete the suppression, or give it a new day and say why.',
    bad: ignoring(withoutId, '2026-11-19'),
    good: ignoring(withoutId, '2026-11-20'),
  },
  {
    id: 'ignore-unused',
    severity: 'info',
    summary: 'There is nothing that a suppression would suppress.',
    why: 'What was wrong is mended, and the next fault of that kind at this place would not be seen.',
    fix: 'Delete it.',
    bad: {
      'pets/api.yaml': exampleApi.replace(
        '{ name: pets }',
        '{ name: pets, ignore: [{ rule: openapi-operation-id, reason: the client names it, until: 2027-01-31 }] }',
      ),
    },
    good: ignoring(withoutId, '2027-01-31'),
  },
];
