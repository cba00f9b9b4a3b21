import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '@gitway/contracts';
import { reportOf } from '../testing/reports.ts';
import { assertSarif } from '../testing/sarif-rules.ts';
import { readStrictXml } from '../testing/strict-xml.ts';
import { checkAnswerSchema, rendererOf, renderers, type RenderOptions } from './index.ts';

const traps = [
  '\n::error file=x::y',
  '\r\n::set-output name=a::b',
  ']]><script>',
  '<![CDATA[',
  '&amp;&#0;&bogus;',
  `"'<>&`,
  '\u001B[31m\u001B]8;;http://evil.example\u0007x',
  '\u0000\u0008\u000B\u007F\u0085\u009B31m',
  '\uFFFE\uFFFF\uD800x\uDC00',
  '\u202E\u2066\u2028\u2029',
  '{0}{{1}}[a](b)',
  '%0A%25,:',
  '../../a b?c#d',
  'x'.repeat(20_000),
  '💥'.repeat(2_100),
  '__proto__',
];
const unit = fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary' }), fc.string());
const hostile = fc.array(unit, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
const line = fc.integer({ min: 1, max: 5 });
const column = fc.integer({ min: 1, max: 30_000 });
const range = fc
  .tuple(line, column, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 50 }))
  .map(([from, at, lines, wide]) => ({ line: from, column: at, endLine: from + lines, endColumn: at + wide }));
const where = fc.record({ file: hostile, range, object: hostile, field: hostile }, { requiredKeys: [] });
const finding: fc.Arbitrary<Finding> = fc
  .record(
    {
      rule: fc.oneof(hostile, fc.constantFrom('unknown-field', 'route-conflict')),
      severity: fc.constantFrom('error' as const, 'warning' as const, 'info' as const),
      where,
      message: hostile,
      hint: hostile,
      related: fc.array(fc.record({ where, message: hostile }), { maxLength: 2 }),
    },
    { requiredKeys: ['rule', 'severity', 'where', 'message'] },
  )
  .map((item) => item as Finding);
const options: RenderOptions = {
  toolVersion: '1.2.3',
  rootUri: 'file:///repository/',
  ruleUrl: (rule) => `https://git.example.com/${encodeURIComponent(rule.replaceAll(/\p{Surrogate}/gu, '?'))}`,
};
const reports = fc
  .tuple(fc.array(finding, { maxLength: 4 }), fc.array(finding, { maxLength: 2 }), hostile, hostile)
  .map(([shared, own, text, name]) => {
    const report = reportOf(shared, own, text);
    return { ...report, environments: report.environments.map((each) => ({ ...each, name })) };
  });

function holds(format: string, check: (text: string, count: number) => void): void {
  fc.assert(
    fc.property(reports, (report) => {
      const text = rendererOf(format)!.render(report, options);
      // None may steer a terminal or turn a line around, whatever shows the report.
      expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/);
      check(text, report.findings.length);
    }),
    { numRuns: 150 },
  );
}

describe('whatever files hold', () => {
  it('text keeps each finding on its own lines', () => {
    holds('text', (text, count) => {
      const heads = text.split('\n').filter((each) => /^(error|warning|info)( |$)/.test(each));
      expect(heads).toHaveLength(count);
    });
  });

  it('json stays JSON of the documented shape', () => {
    holds('json', (text, count) => {
      expect(checkAnswerSchema.parse(JSON.parse(text)).findings).toHaveLength(count);
    });
  });

  it('sarif stays SARIF', () => {
    holds('sarif', (text) => {
      expect(() => assertSarif(JSON.parse(text))).not.toThrow();
    });
  });

  it('junit stays well-formed', () => {
    holds('junit', (text) => {
      const root = readStrictXml(text);
      expect(root.children.at(-1)!.attributes['name']).toBe('environments');
      expect(new Set(root.children.flatMap((suite) => suite.children.map(({ name }) => name)))).toEqual(
        new Set(['testcase']),
      );
    });
  });

  it('github stays one command per finding, none of them forged', () => {
    holds('github', (text, count) => {
      const lines = text.split('\n').slice(0, -1);
      expect(lines).toHaveLength(count);
      for (const each of lines) {
        expect(each).toMatch(/^::(error|warning|notice) ([a-zA-Z]+=[^,:]*)(,[a-zA-Z]+=[^,:]*)*::/);
        expect(each.length).toBeLessThan(40_000);
      }
    });
  });

  it('gitlab stays a list with fingerprints of their own', () => {
    holds('gitlab', (text, count) => {
      const issues = JSON.parse(text) as { fingerprint: string }[];
      expect(issues).toHaveLength(count);
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(count);
    });
  });

  it('lsp keeps to files below the folder', () => {
    holds('lsp', (text, count) => {
      const { files } = JSON.parse(text) as { files: { uri: string; diagnostics: unknown[] }[] };
      expect(files.flatMap(({ diagnostics }) => diagnostics)).toHaveLength(count);
      for (const { uri } of files) expect(uri).toMatch(/^file:\/\/\/repository\//);
    });
  });

  it('there is a test of every format here', () => {
    expect(renderers.map(({ format }) => format).sort()).toEqual(
      ['github', 'gitlab', 'json', 'junit', 'lsp', 'sarif', 'text'].sort(),
    );
  });
});
