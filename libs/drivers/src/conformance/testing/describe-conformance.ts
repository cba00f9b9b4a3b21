import { beforeAll, describe, expect, it } from '@jest/globals';
import { caseAreas, conformanceCases } from '../cases/index.ts';
import { coverageOf } from '../coverage.ts';
import { vocabularyFields } from '../fields.ts';
import type { GatewayRunner } from './runner.ts';
import { runSuite, type SuiteReport } from './run-suite.ts';

/** The whole suite for one driver. `GITWAY_CASES=<part of an id>[,…]` runs what it names alone. */
export function describeConformance(runner: GatewayRunner): void {
  const only = (process.env['GITWAY_CASES'] ?? '').split(',');
  const chosen = conformanceCases.filter(({ id }) => only.some((part) => id.includes(part)));
  let report: SuiteReport;
  beforeAll(async () => {
    report = await runSuite(runner, chosen);
  }, 180_000);

  const areas = Object.entries(caseAreas).flatMap(([area, cases]) => {
    const here = cases.filter((given) => chosen.includes(given));
    return here.length > 0 ? [[area, here] as const] : [];
  });
  describe.each(areas)(`${runner.driver.name}: %s: the gateway`, (_area, cases) => {
    it.each(cases.map((given) => [given.shows, given.id] as const))('%s (%s)', (_shows, id) => {
      const outcome = report.cases.get(id);
      expect(outcome?.kind === 'failed' ? outcome.problems : []).toEqual([]);
      expect(outcome?.kind).toMatch(/^(passed|refused)$/);
    });
  });

  const fields =
    only[0] === ''
      ? vocabularyFields()
      : vocabularyFields().filter(({ field }) => chosen.some(({ covers }) => covers.includes(field)));
  describe(`${runner.driver.name}: a case fails when the gateway ignores`, () => {
    it.each(fields.map(({ field }) => field))('%s', (field) => {
      const { state, claims } = coverageOf(field, runner.driver.capabilities, report.mutants);
      const idle = claims.filter(({ outcome }) => outcome !== 'killed' && outcome !== 'refused');
      expect(idle.map((claim) => `${claim.case}: ${claim.outcome}`)).toEqual([]);
      expect(state).toMatch(/^(proven|not promised|nothing to do|unprovable)$/);
    });
  });
}
