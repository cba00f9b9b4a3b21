import { describe, expect, it } from '@jest/globals';
import type { SuppressedFinding } from '@gitway/contracts';
import { reportOf, sampleFinding } from '../testing/reports.ts';
import { checkAnswerSchema } from './json.ts';
import { rendererOf } from './index.ts';

const suppressed: SuppressedFinding = {
  ...sampleFinding,
  rule: 'openapi-operation-id',
  suppression: { reason: 'made by hand', until: '2026-12-31', where: { file: 'pets/api.yaml', object: 'Api/pets' } },
};
const byRuleSet: SuppressedFinding = {
  ...suppressed,
  rule: 'openapi-path-query',
  suppression: { reason: 'old ones', until: '2026-12-31', where: { file: 'rules.yaml', object: 'RuleSet/house' } },
};
const report = { ...reportOf([sampleFinding]), suppressed: [suppressed, byRuleSet] };
const render = (format: string) => rendererOf(format)!.render(report, { toolVersion: '1.0.0' });

describe('findings that are passed over', () => {
  it('are a list of their own in JSON', () => {
    const answer = checkAnswerSchema.parse(JSON.parse(render('json')));
    expect(answer.findings).toHaveLength(1);
    expect(answer.suppressed).toMatchObject([{ suppression: suppressed.suppression }, { rule: 'openapi-path-query' }]);
  });

  it('are results with suppressions in SARIF, and every other result says that it has none', () => {
    const { runs } = JSON.parse(render('sarif')) as { runs: { results: { suppressions: unknown[] }[] }[] };
    expect(runs[0]!.results.map(({ suppressions }) => suppressions)).toMatchObject([
      [],
      [{ kind: 'inSource', status: 'accepted', justification: 'made by hand (until 2026-12-31)' }],
      [{ kind: 'external', location: { physicalLocation: { artifactLocation: { uri: 'rules.yaml' } } } }],
    ]);
  });

  it('are counted for people', () => {
    expect(render('text')).toContain('(1 error, 0 warnings, 2 suppressed)');
  });

  it.each(['junit', 'github', 'gitlab', 'lsp'])('are nothing in %s', (format) => {
    expect(render(format)).not.toContain('openapi-operation-id');
  });
});
