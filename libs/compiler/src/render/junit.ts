import type { Finding } from '@gitway/contracts';
import { aboutOf, pathOf, placeOf, plain } from './clean.ts';
import type { Renderer } from './renderer.ts';
import { counted } from './text.ts';

interface Case {
  readonly name: string;
  readonly failure?: string;
  readonly body: string;
}

/**
 * JUnit's XML as CI servers read it: one suite per file with a case per rule that found something there, and one suite
 * with a case per environment. Errors fail a case; warnings and notes are told in its output.
 */
export const junitRenderer: Renderer = {
  format: 'junit',
  summary: 'JUnit XML, for the test views of CI servers',
  render({ environments, findings }, options) {
    const files = new Map<string, Map<string, Finding[]>>();
    for (const finding of findings) {
      const path = pathOf(finding.where, options);
      const rules = files.get(path) ?? new Map<string, Finding[]>();
      files.set(path, rules);
      rules.set(finding.rule, [...(rules.get(finding.rule) ?? []), finding]);
    }
    const suites = [...files].map(([path, rules]) => ({
      name: path,
      cases: [...rules].map(([rule, found]) => caseOf(rule, found)),
    }));
    suites.push({
      name: 'environments',
      cases: environments.map(({ name, outcome, counts }): Case => {
        const tally = `${counted(counts.errors, 'error')}, ${counted(counts.warnings, 'warning')}`;
        return outcome === 'validated'
          ? { name, body: '' }
          : { name, failure: `The environment would be refused: ${tally}.`, body: '' };
      }),
    });
    const all = suites.flatMap(({ cases }) => cases);
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="gitway check" ${tallyOf(all)}>`,
      ...suites.flatMap(({ name, cases }) => [
        `  <testsuite name="${escape(name)}" ${tallyOf(cases)}>`,
        ...cases.flatMap((one) => linesOf(one, name)),
        '  </testsuite>',
      ]),
      '</testsuites>',
    ];
    return `${lines.join('\n')}\n`;
  },
};

function caseOf(name: string, found: readonly Finding[]): Case {
  const errors = found.filter(({ severity }) => severity === 'error');
  const body = found.map(describe).join('\n');
  if (errors.length === 0) return { name, body };
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  return { name, failure: `${errors[0]!.message}${more}`, body };
}

function describe({ severity, where, message, hint }: Finding): string {
  const head = [severity, placeOf(where), aboutOf(where)].filter((part) => part !== '').join(' ');
  const lines = [head, `  ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])];
  return lines.map((line) => plain(line)).join('\n');
}

function linesOf({ name, failure, body }: Case, suite: string): string[] {
  const open = `    <testcase classname="${escape(suite)}" name="${escape(name)}" time="0"`;
  if (failure !== undefined) {
    const text = body === '' ? failure : body;
    return [
      `${open}>`,
      `      <failure type="error" message="${escape(failure)}">${escapeLines(text)}</failure>`,
      '    </testcase>',
    ];
  }
  if (body === '') return [`${open}/>`];
  return [`${open}>`, `      <system-out>${escapeLines(body)}</system-out>`, '    </testcase>'];
}

function tallyOf(cases: readonly Case[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  return `tests="${cases.length}" failures="${failures}" errors="0" time="0"`;
}

const escapeLines = (text: string) => text.split('\n').map(escape).join('\n');

/** Text and attribute values. XML 1.0 cannot hold most control characters at all, not even as references. */
const escape = (text: string) =>
  plain(text)
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
