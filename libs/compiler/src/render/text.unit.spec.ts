import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@gitway/contracts';
import { reportOf, sampleFinding } from '../testing/reports.ts';
import { rendererOf } from './index.ts';
import { renderFindings } from './text.ts';

const finding = {
  rule: 'unknown-field',
  severity: 'error' as const,
  where: {
    file: 'a.yaml',
    range: { line: 2, column: 3, endLine: 2, endColumn: 7 },
    object: 'Api/pets',
    field: 'spec.rout',
  },
  message: '`rout` is not a field.',
  hint: 'Did you mean `route`?',
};

describe('renderFindings', () => {
  it('shows the line, the place in it and what to do', () => {
    expect(renderFindings([finding], () => 'spec:\n  rout: 1\nend\n')).toBe(
      [
        'error unknown-field a.yaml:2:3',
        '  `rout` is not a field.',
        '  Api/pets spec.rout',
        '  1 │ spec:',
        '  2 │   rout: 1',
        '    │   ^^^^',
        '  3 │ end',
        '  → Did you mean `route`?',
        '',
      ].join('\n'),
    );
  });

  it('lets nothing that a file holds move the terminal’s cursor', () => {
    const hostile = { ...finding, message: 'a\u001B[2Jb\nc', where: { ...finding.where, file: 'x\n::error::y' } };
    const text = renderFindings([hostile], () => 'spec:\n  \u001B[31mrout\u202E: 1\n');
    expect(text).not.toMatch(/[\u001B\u202E]/);
    expect(text.split('\n')[0]).toBe('error unknown-field x\uFFFD::error::y:2:3');
  });

  it('shows a document of one long line around the place', () => {
    const where = { ...finding.where, range: { line: 1, column: 5_000, endLine: 1, endColumn: 5_004 } };
    const text = renderFindings([{ ...finding, where }], () => `${'a'.repeat(4_999)}rout${'b'.repeat(5_000)}`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(140);
    const lines = text.split('\n');
    const marker = lines.find((line) => line.includes('^^^^'))!;
    expect(lines[lines.indexOf(marker) - 1]!.slice(marker.indexOf('^'), marker.indexOf('^') + 4)).toBe('rout');
  });

  it('does not repeat the line of what may be a secret', () => {
    const text = renderFindings([{ ...finding, rule: 'secret-in-clear' }], () => 'spec:\n  rout: hunter2\n');
    expect(text).toContain('error secret-in-clear a.yaml:2:3');
    expect(text).not.toContain('hunter2');
  });
});

describe('a report of several environments', () => {
  it('says which ones a finding concerns where it does not concern all', () => {
    const report = reportOf([sampleFinding]);
    const only: Finding = { ...sampleFinding, message: 'Here alone.' };
    const [staging] = report.environments;
    const environments = [
      { ...staging!, findings: [sampleFinding, only] },
      { ...staging!, name: 'production', findings: [sampleFinding] },
    ];
    const text = rendererOf('text')!.render(
      { ...report, environments, findings: [sampleFinding, only] },
      { toolVersion: '1' },
    );
    expect(text).toContain('Here alone.\n  Api/pets spec.rout in staging\n');
    expect(text).toContain('is not a field.\n  Api/pets spec.rout\n');
  });
});
