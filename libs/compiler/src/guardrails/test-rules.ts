import type { Finding, Location } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { compileGuardrail, isGuardrail, tryExample } from '@gitway/guardrails';
import { locationOf, type RuleSetResource } from '@gitway/resources';
import { collectFiles, type Located } from '../collect-files.ts';
import { orderFindings } from '../findings.ts';
import { noCache, nothingLasts } from '../memory-cache.ts';
import { ResourceIndex } from '../resource-index.ts';
import type { WorkspaceReader } from '../workspace.ts';
import { compileRuleSets, ownSpec } from './compile-rule-sets.ts';

/** One example of one rule, and whether the rule said of it what its author says. */
export interface ExampleResult {
  readonly ruleSet: string;
  readonly rule: string;
  readonly expected: 'pass' | 'fail';
  /** Its number under `pass` or `fail`, from 1. */
  readonly number: number;
  readonly where: Location;
  readonly ok: boolean;
  /** What the rule said of it, or why it could not say anything; empty where it found nothing. */
  readonly message: string;
}

export interface RuleTestResult {
  readonly ruleSets: readonly string[];
  readonly examples: readonly ExampleResult[];
  /** Ids of own rules without an example that fails: nothing shows that they can find anything. */
  readonly untested: readonly string[];
  /** What is wrong with RuleSets themselves. Rules that are wrong are not tried. */
  readonly findings: readonly Finding[];
}

/** Tries every rule that the RuleSets of a workspace have of their own on the examples beside it. */
export async function testRules(reader: WorkspaceReader): Promise<RuleTestResult> {
  const files = await collectFiles({ reader, cache: noCache, lasting: nothingLasts, breathe: () => Promise.resolve() });
  const index = new ResourceIndex(files.resources, files.broken);
  const ruleSets = index.all('RuleSet');
  const broken = files.broken.filter(({ kind }) => kind === 'RuleSet').map(({ name }) => name);
  const about = [...files.findings, ...index.findings].filter(({ where }) => where.object?.startsWith('RuleSet/'));
  const unreadable = files.findings.filter(({ where }) => where.object === undefined);
  const examples: ExampleResult[] = [];
  const untested: string[] = [];
  for (const located of ruleSets) {
    const tried = tryRuleSet(located);
    examples.push(...tried.examples);
    untested.push(...tried.untested);
  }
  return {
    ruleSets: [...ruleSets.map(({ resource }) => resource.name), ...broken],
    examples,
    untested,
    findings: orderFindings([...about, ...unreadable, ...compileRuleSets(index, noCache).findings]),
  };
}

function tryRuleSet({ resource }: Located): { examples: ExampleResult[]; untested: string[] } {
  const examples: ExampleResult[] = [];
  const untested: string[] = [];
  (resource.value.spec as RuleSetResource['spec']).guardrails?.forEach((entry, position) => {
    if (entry.id === undefined) return;
    const guardrail = compileGuardrail(ownSpec(entry));
    if (!isGuardrail(guardrail)) return;
    if ((entry.examples?.fail ?? []).length === 0) untested.push(entry.id);
    for (const expected of ['pass', 'fail'] as const) {
      (entry.examples?.[expected] ?? []).forEach((example, number) => {
        const path = ['spec', 'guardrails', position, 'examples', expected, number];
        const shared = { ruleSet: resource.name, rule: guardrail.id, expected, number: number + 1 };
        const where = locationOf(resource, path);
        try {
          const outcome = tryExample(guardrail, example);
          const ok = outcome.outcome === (expected === 'pass' ? 'passed' : 'failed');
          examples.push({ ...shared, where, ok, message: 'message' in outcome ? outcome.message : '' });
        } catch (error) {
          examples.push({ ...shared, where, ok: false, message: `The example is wrong: ${messageOf(error)}` });
        }
      });
    }
  });
  return { examples, untested };
}
