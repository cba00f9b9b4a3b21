import type { Finding, Location, Range, Severity, SuppressedFinding } from '@gitway/contracts';
import { guardrailPage, starterRuleOf } from '@gitway/guardrails';
import { rulePage, ruleOf } from '../rules/index.ts';
import { aboutOf, messageWithHint, pathOf, plain, uriOfPath } from './clean.ts';
import { fingerprintsOf } from './fingerprint.ts';
import { toJson } from './json.ts';
import type { Renderer, RenderOptions } from './renderer.ts';

const levels: Record<Severity, 'error' | 'warning' | 'note'> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): one run for what concerns every environment, one run
 * for each environment, told apart by `automationDetails.id` as code-scanning services want it.
 */
export const sarifRenderer: Renderer = {
  format: 'sarif',
  summary: 'SARIF 2.1.0, for code scanning',
  render(report, options) {
    const fingerprint = fingerprintsOf(report);
    const ofEach = report.environments.map(({ findings, suppressed = [] }) => [...findings, ...suppressed]);
    const ofOne = new Set(ofEach.flat().map(keyOf));
    const shared = [...report.findings, ...(report.suppressed ?? [])].filter((finding) => !ofOne.has(keyOf(finding)));
    const runs = [
      runOf('gitway/check/', shared, fingerprint, options),
      ...report.environments.map(({ name }, index) =>
        runOf(`gitway/check/${plain(name)}/`, ofEach[index]!, fingerprint, options),
      ),
    ];
    const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs };
    return toJson(log, options.compact === true);
  },
};

const keyOf = ({ rule, where, message }: Finding) => JSON.stringify([rule, where, message]);

function runOf(
  id: string,
  findings: readonly (Finding | SuppressedFinding)[],
  fingerprint: (finding: Finding) => string,
  options: RenderOptions,
): object {
  const ids = [...new Set(findings.map(({ rule }) => rule))].sort();
  const indexes = new Map(ids.map((rule, index) => [rule, index]));
  return {
    tool: {
      driver: {
        name: 'Gitway',
        version: options.toolVersion,
        rules: ids.map((rule) => descriptorOf(rule, options)),
      },
    },
    automationDetails: { id },
    invocations: [{ executionSuccessful: true }],
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    results: findings.map((finding) => ({
      ...resultOf(finding, indexes.get(finding.rule)!, fingerprint(finding), options),
      // Once one result says whether it is suppressed, all of them do.
      ...(findings.some(isSuppressed) ? { suppressions: suppressionsOf(finding, options) } : {}),
    })),
  };
}

/** Rules that users wrote have nothing but their id here. */
function descriptorOf(id: string, { ruleUrl }: RenderOptions): object {
  const helpUri = ruleUrl?.(id);
  const links = helpUri === undefined ? {} : { helpUri };
  const rule = wordsOf(id);
  if (rule === undefined) return { id: plain(id), ...links };
  return {
    id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.description },
    help: { text: rule.help, markdown: rule.page.replaceAll(/<!--.*?-->\n*/g, '') },
    ...links,
    defaultConfiguration: { level: levels[rule.severity] },
  };
}

interface RuleWords {
  readonly summary: string;
  readonly description: string;
  readonly help: string;
  readonly page: string;
  readonly severity: Severity;
}

function wordsOf(id: string): RuleWords | undefined {
  const own = ruleOf(id);
  if (own !== undefined) {
    const { summary, why, fix, severity } = own;
    return { summary, description: `${summary} ${why}`, help: `${why} ${fix}`, page: rulePage(own), severity };
  }
  const guardrail = starterRuleOf(id);
  if (guardrail === undefined) return undefined;
  const { rationale, hint, severity } = guardrail;
  return { summary: rationale, description: rationale, help: hint, page: guardrailPage(guardrail), severity };
}

function resultOf(finding: Finding, ruleIndex: number, fingerprint: string, options: RenderOptions): object {
  const { rule, severity, where, message, hint, related = [] } = finding;
  return {
    ruleId: plain(rule),
    ruleIndex,
    level: levels[severity],
    message: { text: literal(messageWithHint(message, hint)) },
    locations: [locationOf(where, options)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, id) => ({
            id,
            ...locationOf(other.where, options),
            message: { text: literal(other.message) },
          })),
        }),
    // GitHub tells alerts apart by `primaryLocationLineHash` alone.
    partialFingerprints: { 'gitwayFinding/v1': fingerprint, primaryLocationLineHash: fingerprint },
  };
}

const isSuppressed = (finding: Finding): finding is SuppressedFinding => 'suppression' in finding;

function suppressionsOf(finding: Finding, options: RenderOptions): object[] {
  if (!isSuppressed(finding)) return [];
  const { reason, until, where } = finding.suppression;
  const kind = where.object?.startsWith('RuleSet/') === true ? 'external' : 'inSource';
  const justification = literal(`${reason} (until ${until})`);
  return [{ kind, status: 'accepted', justification, location: locationOf(where, options) }];
}

/** Always with a physical location, since services refuse a report with a result that has none. */
function locationOf(where: Location, options: RenderOptions): object {
  const about = plain(aboutOf(where));
  const path = pathOf(where, options);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOfPath(path), uriBaseId: '%SRCROOT%' },
      ...(where.range === undefined ? {} : { region: regionOf(where.range) }),
    },
    ...(about === '' ? {} : { logicalLocations: [{ fullyQualifiedName: about }] }),
  };
}

/** Both count from 1, and `endColumn` is the first column after the region. */
const regionOf = ({ line, column, endLine, endColumn }: Range) => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
});

/** Messages of SARIF may hold placeholders (`{0}`) and links (`[text](target)`); what a file holds must become neither. */
function literal(message: string): string {
  const text = plain(message).replaceAll(/\{(\d+)\}/g, '{{$1}}');
  return text.includes('](') ? text.replaceAll(/[[\]]/g, String.raw`\$&`) : text;
}
