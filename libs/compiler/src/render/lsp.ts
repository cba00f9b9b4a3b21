import type { Finding, Location, Range, Severity } from '@gitway/contracts';
import { messageWithHint, uriOfPath } from './clean.ts';
import { fingerprintsOf } from './fingerprint.ts';
import { toJson } from './json.ts';
import type { Renderer, RenderOptions } from './renderer.ts';

const severities: Record<Severity, 1 | 2 | 3> = { error: 1, warning: 2, info: 3 };

/**
 * Diagnostics in the shapes of the Language Server Protocol 3.17, by file: each member of `files` can be sent as it is
 * as the parameters of `textDocument/publishDiagnostics`. A file that is not named has none.
 */
export const lspRenderer: Renderer = {
  format: 'lsp',
  summary: 'diagnostics for editors',
  render(report, options) {
    const fingerprint = fingerprintsOf(report);
    const files = new Map<string, object[]>();
    for (const finding of report.findings) {
      const uri = uriOf(finding.where, options);
      const diagnostics = files.get(uri) ?? [];
      diagnostics.push(diagnosticOf(finding, fingerprint(finding), options));
      files.set(uri, diagnostics);
    }
    const list = [...files].map(([uri, diagnostics]) => ({ uri, diagnostics }));
    return toJson({ version: 1, files: list }, options.compact === true);
  },
};

function diagnosticOf(finding: Finding, fingerprint: string, options: RenderOptions): object {
  const { rule, severity, where, message, hint, related = [] } = finding;
  const href = options.ruleUrl?.(rule);
  return {
    range: rangeOf(where.range),
    severity: severities[severity],
    code: rule,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source: 'gitway',
    message: messageWithHint(message, hint),
    ...(related.length === 0
      ? {}
      : {
          relatedInformation: related.map((other) => ({
            location: { uri: uriOf(other.where, options), range: rangeOf(other.where.range) },
            message: other.message,
          })),
        }),
    data: {
      fingerprint,
      ...(where.object === undefined ? {} : { object: where.object }),
      ...(where.field === undefined ? {} : { field: where.field }),
    },
  };
}

/** Absolute where the folder's URI is known. A client knows its own folder, so the prefix of reports has no place here. */
function uriOf(where: Location, { rootUri }: RenderOptions): string {
  const path = uriOfPath(where.file ?? '');
  return rootUri === undefined ? path : new URL(path, rootUri).href;
}

/** Zero-based, in UTF-16 code units, the end exclusive. */
function rangeOf(range: Range | undefined) {
  if (range === undefined) return { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return {
    start: { line: range.line - 1, character: range.column - 1 },
    end: { line: range.endLine - 1, character: range.endColumn - 1 },
  };
}
