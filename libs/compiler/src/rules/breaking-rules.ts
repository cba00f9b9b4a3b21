import { breakingRules as engineRules, type BreakingRule } from '@gitway/breaking';
import { exampleApi } from './example-workspace.ts';
import type { Rule } from './rule.ts';

const judged =
  'It is found by comparing the revision with what is live, and weighed by who calls it: see `docs/breaking.md`.';
const agree = 'or accept it with a reason under `breaking.accept` of a RuleSet, once its callers have agreed';

/** What the gateway itself asks of callers, whatever the document says. Found by comparison with what is live. */
export const gatewayChangeRules: readonly Omit<BreakingRule, 'origin'>[] = [
  { id: 'gateway-api-removed', level: 'error', description: 'An API that is live is gone with all of its operations' },
  {
    id: 'gateway-api-retired',
    level: 'error',
    description: 'An API that is live is retired: every call is answered with 410',
  },
  {
    id: 'gateway-authentication-added',
    level: 'error',
    description: 'An API that lets everybody in asks callers who they are',
  },
  {
    id: 'gateway-authentication-changed',
    level: 'error',
    description: 'An API no longer takes the credentials that its callers send',
  },
  {
    id: 'gateway-operation-closed',
    level: 'error',
    description: 'An operation is no longer among what the gateway lets through',
  },
  { id: 'gateway-plan-closed', level: 'error', description: 'An API is closed to consumers whose plan opened it' },
  {
    id: 'gateway-promise-lowered',
    level: 'error',
    description: 'An API that callers rely on becomes experimental or internal, so that later changes weigh less',
  },
  { id: 'gateway-route-removed', level: 'error', description: 'An API no longer answers on a host or base path' },
  {
    id: 'gateway-undeclared-refused',
    level: 'error',
    description: 'The gateway refuses calls that it let through and the document does not declare',
  },
];

/** Rules about the comparison itself; what breaks callers has pages of its own. */
export const breakingRules: readonly Rule[] = [
  {
    id: 'breaking-rule-unknown',
    severity: 'error',
    summary: 'A RuleSet judges or accepts a breaking change of a kind that does not exist.',
    why: 'Somebody relies on it, and it never applies.',
    fix: 'Correct the id; `gitway explain` lists all of them.',
    bad: { 'rules.yaml': ruleSet('api-removed-without-depreciation') },
    good: { 'rules.yaml': ruleSet('api-removed-without-deprecation') },
  },
];

function ruleSet(rule: string): string {
  return `apiVersion: gitway.dev/v1
kind: RuleSet
metadata: { name: house-rules }
spec:
  breaking:
    accept:
      - api: pets
        rules: [${rule}]
        reason: Its only caller has moved to version 2.
        by: ada@example.com
        until: 2026-12-31
`;
}

/** Found by comparison with what is live, so that no workspace alone can show them. */
export const comparedRules: readonly Rule[] = [
  {
    id: 'breaking-not-compared',
    severity: 'warning',
    summary: 'What is live could not be compared with the revision, so breaking changes were not looked for.',
    why: 'No news is not good news: callers may break unseen.',
    fix: 'The message says what could not be read. It is compared again once this revision is live.',
    bad: { 'pets/api.yaml': exampleApi },
    good: { 'pets/api.yaml': exampleApi },
  },
  ...[...engineRules, ...gatewayChangeRules].map(({ id, level, description }): Rule => ({
    id,
    severity: level,
    adjustable: true,
    summary: `${description}.`,
    why: `${whyOf(id, level)} ${judged}`,
    fix: `${fixOf(id)}, ${agree}.`,
    bad: {},
    good: {},
  })),
];

function whyOf(id: string, level: BreakingRule['level']): string {
  if (level === 'info') return 'It is told so that nobody is surprised; callers were warned or need not care.';
  if (id.startsWith('gateway-'))
    return 'Callers meet the gateway and not the document: calls that were answered are refused.';
  if (id.startsWith('response-'))
    return 'Callers read responses: what they rely on is no longer so, or they meet what they do not know.';
  if (id.includes('request-')) return 'Callers send requests: what was fine is refused, or taken in another way.';
  return 'Callers rely on what is live.';
}

function fixOf(id: string): string {
  if (id === 'gateway-plan-closed') return 'Move its subscribers to a plan that opens the API first';
  if (id === 'gateway-promise-lowered') return 'Keep what was promised, or make a new API beside it';
  if (id === 'gateway-undeclared-refused') return 'Declare in the document what callers call, or tell them first';
  if (id === 'gateway-route-removed') return 'Serve the old address as well until its callers have left';
  if (/removed|retired|closed/.test(id) && !/property|parameter|header/.test(id))
    return 'Keep it as deprecated, with a sunset date, until its callers have left';
  if (id.includes('authentication') || id.includes('security'))
    return 'Take the old credentials as well until callers have changed over';
  return 'Keep what callers know beside what is new, or make a new version of the API';
}
