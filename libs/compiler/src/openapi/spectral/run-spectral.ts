import type { Finding, Severity } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import type { ISpectralDiagnostic } from '@stoplight/spectral-core';
import { finding } from '../../findings.ts';
import type { DocumentFinding } from '../../verdicts/suppressions.ts';
import { DocumentIgnoreIndex } from '../document-ignores.ts';
import type { LoadedFile } from '../load-references.ts';
import { oneLine, parseDocument } from '../parse-document.ts';
import { DocumentPositions } from '../positions.ts';
import type { LedByUrl } from '../remote-places.ts';
import { withoutTemplates, withTemplates } from './templates.ts';
import { buildRuleset, spectral } from './build-ruleset.ts';
import { openFunctions } from './functions/ruleset-functions.ts';
import { type Origin, sameInOriginal } from '../swagger/as-openapi.ts';
import { placeOfPath, type Place, type Values } from './resolve-document.ts';
import { resolverOf } from './resolver.ts';
import { spectralRuleId, type SpectralRuleset } from './ruleset.ts';

/** One document and the rulesets that look at it. */
export interface SpectralJob {
  /** The document itself first, then the files that it refers to, in the order of its reading. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly value?: unknown }[];
  readonly rulesets: readonly SpectralRuleset[];
  /** Where places of `value`s lie in the texts, where that is not the same. */
  readonly origin?: Origin;
  /** Which `$ref`s led to files of other servers. */
  readonly ledBy?: LedByUrl;
}

export type SpectralRunner = (job: SpectralJob) => Promise<readonly DocumentFinding[]>;

/** Rules that try every example on its schema: on large documents they take minutes. */
const exampleRules = [
  'oas3-valid-media-example',
  'oas3-valid-schema-example',
  'oas2-valid-media-example',
  'oas2-valid-schema-example',
];
export const EXAMPLES_LIMIT_BYTES = 500_000;
const MAX_PER_RULE = 20;

/** What rulesets find in a document. Reads nothing but the job; may take as long as the ruleset wants: see to a limit. */
export const runSpectral: SpectralRunner = async ({ files, rulesets, origin = sameInOriginal, ledBy }) => {
  const root = files[0]!.path;
  const values = new Map<string, unknown>();
  const original: LoadedFile[] = [];
  for (const { path, text, value } of files) {
    const parsed = parseDocument(path, text);
    if (!('value' in parsed)) continue;
    original.push({ path, text, value: parsed.value });
    values.set(path, withoutTemplates(value ?? parsed.value));
  }
  const ignores = new DocumentIgnoreIndex(original, ledBy);
  const positions = new Map(files.map(({ path, text }) => [path, new DocumentPositions(path, text)]));
  const large = files.reduce((sum, { text }) => sum + text.length, 0) > EXAMPLES_LIMIT_BYTES;
  const findings: DocumentFinding[] = [];
  for (const ruleset of rulesets) {
    const outcome = await lint(root, values, ruleset, large);
    if ('failure' in outcome) {
      const message = `The ruleset \`${ruleset.path}\` fails on this document: ${oneLine(outcome.failure)}`;
      findings.push(
        finding(
          'ruleset-failed',
          ruleset.trial === true ? 'info' : 'error',
          { file: root },
          message,
          'Mend the rule that the message speaks of.',
        ),
      );
      continue;
    }
    if (outcome.skipped) {
      const message = `\`${ruleset.path}\` does not try the examples of this document: it is larger than ${EXAMPLES_LIMIT_BYTES / 1_000} kB.`;
      findings.push(
        finding(
          'ruleset-examples',
          'info',
          { file: root },
          message,
          'Keep examples in a smaller document, or do without.',
        ),
      );
    }
    const counts = new Map<string, number>();
    const once = new Set<string>();
    for (const result of outcome.results) {
      const rule = spectralRuleId(String(result.code));
      const found = placeOf(result, root, values);
      const own = found.pointer.map((step) => (typeof step === 'string' ? withTemplates(step) : step));
      const place = { ...origin(found.file, own), isObject: found.isObject };
      const key = JSON.stringify([rule, place, result.message]);
      if (once.has(key)) continue;
      once.add(key);
      const marked = ignores.mark({ rule } as Finding, place.file, place.pointer);
      const group = `${rule} ${(marked.ignoredBy ?? []).join(' ')}`;
      const count = (counts.get(group) ?? 0) + 1;
      counts.set(group, count);
      if (count > MAX_PER_RULE) continue;
      findings.push({
        ...findingOf(result, rule, place, positions, ruleset),
        ...(marked.ignoredBy === undefined ? {} : { ignoredBy: marked.ignoredBy }),
      });
    }
    for (const [group, count] of counts) {
      if (count <= MAX_PER_RULE) continue;
      const [rule] = group.split(' ');
      const message = `\`${rule}\` has ${count - MAX_PER_RULE} more findings in this document.`;
      findings.push(finding(rule!, 'info', { file: root }, message, 'Mend those that are shown first.'));
    }
  }
  return findings;
};

/** Where Spectral says that it is; where it does not say so, its path is one into the resolved document. */
function placeOf({ source, path }: ISpectralDiagnostic, root: string, values: Values): Place {
  const file = source?.slice(1);
  if (file === undefined || !values.has(file)) return placeOfPath(root, path, values);
  const value = path.reduce<unknown>(
    (at, step) => (at as Record<string | number, unknown> | undefined)?.[step],
    values.get(file),
  );
  return { file, pointer: path, isObject: typeof value === 'object' && value !== null };
}

type Outcome = { readonly results: ISpectralDiagnostic[]; readonly skipped: boolean } | { readonly failure: string };

async function lint(root: string, values: Values, ruleset: SpectralRuleset, large: boolean): Promise<Outcome> {
  const { core } = await spectral();
  try {
    const provide = ruleset.modules === undefined ? undefined : await openFunctions(ruleset.modules, await spectral());
    const built = (await buildRuleset(ruleset, provide)).fromSource(`/${root}`);
    const tooDear = large ? exampleRules.filter((code) => built.rules[code]?.enabled === true) : [];
    for (const code of tooDear) built.rules[code]!.enabled = false;
    const engine = new core.Spectral({ resolver: resolverOf(root, values) });
    engine.setRuleset(built);
    // As a parsed result: an instance of a document class of its own would be written out and read again.
    const document = {
      parsed: { data: values.get(root), diagnostics: [], ast: {}, lineMap: [] },
      getLocationForJsonPath: () => undefined,
      source: `/${root}`,
    };
    const results = await engine.run(document, { ignoreUnknownFormat: true });
    return { results, skipped: tooDear.length > 0 };
  } catch (error) {
    return { failure: withTemplates(reasonOf(error)) };
  }
}

/** Errors of rules come in a bundle, each with its cause. */
function reasonOf(error: unknown): string {
  const { errors } = error as { errors?: readonly unknown[] };
  return messageOf(Array.isArray(errors) && errors.length > 0 ? errors[0] : error).slice(0, 400);
}

const severities: readonly Severity[] = ['error', 'warning', 'info', 'info'];

function findingOf(
  result: ISpectralDiagnostic,
  rule: string,
  { file, pointer: own, isObject }: Place,
  positions: ReadonlyMap<string, DocumentPositions>,
  { path: ruleset, trial }: SpectralRuleset,
): DocumentFinding {
  const range = positions.get(file)?.rangeOf(own, isObject ? 'key' : 'value');
  const where = {
    file,
    ...(range === undefined ? {} : { range }),
    ...(own.length === 0 ? {} : { field: own.join('.') }),
  };
  const { documentationUrl } = result as { documentationUrl?: string };
  const message = oneLine(withTemplates(result.message));
  const hint =
    documentationUrl === undefined ? `A rule of \`${ruleset}\`.` : `A rule of \`${ruleset}\`: ${documentationUrl}`;
  const severity = severities[result.severity] ?? 'warning';
  if (trial !== true) return finding(rule, severity, where, message, hint);
  return { ...finding(rule, 'info', where, message, hint), onTrial: severity };
}
