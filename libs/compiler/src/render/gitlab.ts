import type { Severity } from '@gitway/contracts';
import { messageWithHint, pathOf, plain, wellFormed } from './clean.ts';
import { fingerprintsOf } from './fingerprint.ts';
import { toJson } from './json.ts';
import type { Renderer } from './renderer.ts';

const severities: Record<Severity, 'critical' | 'minor' | 'info'> = {
  error: 'critical',
  warning: 'minor',
  info: 'info',
};

/** GitLab's Code Quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. */
export const gitlabRenderer: Renderer = {
  format: 'gitlab',
  summary: 'Code Quality report of GitLab',
  render(report, options) {
    const fingerprint = fingerprintsOf(report);
    const issues = report.findings.map((finding) => ({
      description: plain(messageWithHint(finding.message, finding.hint)),
      check_name: plain(finding.rule),
      fingerprint: fingerprint(finding),
      severity: severities[finding.severity],
      location: {
        path: wellFormed(pathOf(finding.where, options)),
        lines: { begin: finding.where.range?.line ?? 1, end: finding.where.range?.endLine ?? 1 },
      },
    }));
    return toJson(issues, options.compact === true);
  },
};
