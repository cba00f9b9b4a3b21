import type { Severity } from '@gitway/contracts';
import { messageWithHint, pathOf, plain } from './clean.ts';
import type { Renderer } from './renderer.ts';

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' };

/** Workflow commands of GitHub Actions, one line each: the runner makes annotations of them. */
export const githubRenderer: Renderer = {
  format: 'github',
  summary: 'annotations of GitHub Actions',
  render(report, options) {
    return report.findings
      .map(({ rule, severity, where, message, hint }) => {
        const { file, range } = where;
        const properties: [string, string | number][] = [];
        if (file !== undefined) properties.push(['file', pathOf(where, options)]);
        if (file !== undefined && range !== undefined) {
          properties.push(['line', range.line], ['endLine', range.endLine]);
          // Columns make sense to GitHub within one line only; its last column belongs to the range.
          if (range.line === range.endLine) {
            properties.push(['col', range.column], ['endColumn', Math.max(range.column, range.endColumn - 1)]);
          }
        }
        properties.push(['title', rule]);
        const list = properties.map(([name, value]) => `${name}=${property(plain(String(value)))}`).join(',');
        return `::${commands[severity]} ${list}::${data(plain(messageWithHint(message, hint)))}\n`;
      })
      .join('');
  },
};

/** As the runner's toolkit escapes: https://github.com/actions/toolkit, packages/core/src/command.ts. */
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
