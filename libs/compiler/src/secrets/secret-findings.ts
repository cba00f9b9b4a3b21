import type { Finding, Range } from '@gitway/contracts';
import { detectSecrets } from './detect-secrets.ts';

const rules = {
  resources: { rule: 'secret-in-clear', severity: 'error' },
  document: { rule: 'secret-in-document', severity: 'warning' },
} as const;

/** What must not stand in a file, each where it stands. What it says is in no finding. */
export async function secretFindings(path: string, text: string, kind: keyof typeof rules): Promise<Finding[]> {
  const spans = await detectSecrets(text, kind);
  if (spans.length === 0) return [];
  const { rule, severity } = rules[kind];
  const lines = lineStarts(text);
  return spans.map(({ start, end, what }) => ({
    rule,
    severity,
    where: { file: path, range: rangeOf(lines, start, end) },
    message: kind === 'resources' ? `This is ${what}, in clear.` : `This looks like ${what}, in clear.`,
    hint:
      kind === 'resources'
        ? 'Take it out and revoke it: who reads the repository, or its history, has it.'
        : 'If it is a real one, revoke it. An example is better off as one that nobody can take for real.',
  }));
}

/** The lines that such a finding points at hold what must not be repeated in a terminal or a log. */
export const speaksOfSecret = ({ rule }: Pick<Finding, 'rule'>) => /(^|-)secrets?(-|$)/.test(rule);

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function rangeOf(lines: readonly number[], start: number, end: number): Range {
  const place = (offset: number) => {
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - lines[low]! + 1 };
  };
  const [from, to] = [place(start), place(end)];
  return { ...from, endLine: to.line, endColumn: to.column };
}
