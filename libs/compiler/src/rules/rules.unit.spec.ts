import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { starterRules } from '@gitway/guardrails';
import { compileWorkspace } from '../compile-workspace.ts';
import { workspaceOf } from '../testing/workspace.ts';
import { readDocument } from '../openapi/read-document.ts';
import { refuseDocument } from '../openapi/refuse-document.ts';
import type { DocumentReader, DriverCheck } from '../workspace.ts';
import { exampleWorkspace } from './example-workspace.ts';
import { rulePages, rules } from './index.ts';
import { exampleDay } from './suppression-rules.ts';

/** A gateway that cannot count over a day. */
const haproxy: DriverCheck = (units) =>
  units.flatMap(({ unit }) =>
    unit.kind === 'api' && unit.policy.rateLimits[0]?.windowMs === 86_400_000
      ? [{ unit: `api ${unit.name}`, field: 'policy.rateLimits[0].windowMs', message: 'it cannot count over a day' }]
      : [],
  );

/** A machine on which documents above 100 KB are too much. */
const small = (rule: string | undefined): DocumentReader => ({
  parallel: 1,
  read: (job) =>
    job.bytes.byteLength > 100_000 && (rule === 'document-takes-too-long' || rule === 'document-needs-too-much-memory')
      ? Promise.resolve(refuseDocument(job.path, rule, 'what this machine has', 'of a test'))
      : readDocument(job),
});

async function rulesFoundIn(
  files: Readonly<Record<string, string>>,
  drivers: Record<string, DriverCheck> = { haproxy },
  rule?: string,
) {
  const { findings } = await compileWorkspace(workspaceOf({ ...exampleWorkspace, ...files }), {
    branch: 'main',
    drivers,
    documents: small(rule),
    now: new Date(`${exampleDay}T12:00:00Z`),
  });
  return findings;
}

describe('rules', () => {
  it('the workspace that examples are laid over has no findings', async () => {
    expect(await rulesFoundIn({})).toEqual([]);
  });

  it.each(rules.filter(({ live }) => live !== true).map((rule) => [rule.id, rule] as const))(
    '%s: the bad example is found, the good one is not',
    async (id, rule) => {
      const found = await rulesFoundIn(rule.bad, id === 'unknown-driver' ? {} : undefined, id);
      expect(found.filter((finding) => finding.rule === id).map((finding) => finding.severity)).toContain(
        rule.severity,
      );
      for (const finding of found)
        expect([finding.message, finding.hint]).toEqual([expect.any(String), expect.any(String)]);
      expect((await rulesFoundIn(rule.good)).map((finding) => finding.rule)).not.toContain(id);
    },
  );

  it('every finding of every example has a rule with a page', async () => {
    const known = new Set([...rules, ...starterRules].map((rule) => rule.id));
    for (const rule of rules) for (const finding of await rulesFoundIn(rule.bad)) expect(known).toContain(finding.rule);
  });

  it('docs/rules is what the code says (node libs/compiler/dist/tools/write-rule-pages.js)', () => {
    const folder = new URL('../../../../docs/rules/', import.meta.url);
    const shipped = new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
    const wanted = rulePages();
    // Names alone: to show how hundreds of pages differ takes minutes.
    const stale = [...new Set([...shipped.keys(), ...wanted.keys()])].filter(
      (name) => shipped.get(name) !== wanted.get(name),
    );
    expect(stale).toEqual([]);
  });
});
