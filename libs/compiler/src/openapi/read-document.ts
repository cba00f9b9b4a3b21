import { digestOf, digestOfBytes, type Finding } from '@gitway/contracts';
import { decodeText } from '@gitway/resources';
import { overlappingPaths } from '../checks/path-overlap.ts';
import { compare, finding, orderFindings } from '../findings.ts';
import { isFixed } from '../verdicts/rule-levels.ts';
import type { DocumentFinding } from '../verdicts/suppressions.ts';
import type { DocumentJob, DocumentReading } from './document.ts';
import { extractOperations, mapping } from './extract-operations.ts';
import { DocumentIgnoreIndex } from './document-ignores.ts';
import { endlessReferences } from './endless-references.ts';
import { secretsIn, withoutSecrets } from '../secrets/hide-secrets.ts';
import { secretFindings } from '../secrets/secret-findings.ts';
import { lintDocument } from './lint-document.ts';
import type { LintSettings } from './lint-settings.ts';
import { loadReferences, type LoadedFile, type ReferenceProblem } from './load-references.ts';
import { parseDocument } from './parse-document.ts';
import { DocumentPositions } from './positions.ts';
import { atReference, type LedByUrl } from './remote-places.ts';
import { runSpectral } from './spectral/run-spectral.ts';
import { follow } from './reference.ts';
import { asOpenApi, type OpenApiFiles } from './swagger/as-openapi.ts';
import { isSwagger } from './swagger/convert-swagger.ts';

/**
 * Reads, judges and reduces one document with every file that it refers to. This is the heavy work of a compile; it
 * takes and gives what can be sent to another thread, and looks at nothing else.
 */
export async function readDocument(job: DocumentJob): Promise<DocumentReading> {
  const { path, bytes } = job;
  const secrets: Finding[] = [];
  const refuse = (item: Finding): DocumentReading => ({
    model: null,
    findings: [item, ...secrets],
    ignores: [],
    others: [],
    absent: [],
  });
  const decoded = decodeText(bytes);
  if ('problem' in decoded)
    return refuse(finding('file-encoding', 'error', { file: path }, decoded.problem, decoded.hint));
  secrets.push(...(await secretFindings(path, decoded.text, 'document')));
  const parsed = parseDocument(path, decoded.text);
  if ('message' in parsed) {
    const where = { file: path, ...(parsed.range === undefined ? {} : { range: parsed.range }) };
    return refuse(
      finding(parsed.rule, 'error', where, parsed.message, 'Mend the document; nothing of it can be used as it is.'),
    );
  }
  const positions = new DocumentPositions(path, decoded.text);
  const document = mapping(parsed.value);
  const version = versionOf(document, path, positions);
  if ('refusal' in version) return refuse(version.refusal);

  const root: LoadedFile = { path, text: decoded.text, value: parsed.value };
  const { files, problems, looked, ledBy } = await loadReferences(root, job.open);
  const others = [...looked].sort(compare);
  const placeOf = placesIn(files);
  const told = <F extends Finding>(findings: readonly F[]) =>
    ledBy.size === 0 ? findings : findings.map((found) => atReference(found, ledBy, placeOf));
  for (const file of files.values()) {
    if (file.path !== path) secrets.push(...(await secretFindings(file.path, file.text, 'document')));
  }
  if (problems.length > 0) {
    const refusal = withProblems(problems, files, root);
    return { ...refusal, findings: told([...refusal.findings, ...secrets]), others };
  }
  const endless = endlessFindings(files);
  if (endless.length > 0)
    return { model: null, findings: told([...endless, ...secrets]), ignores: [], others, absent: [] };
  const read = asOpenApi(root, files);
  const { origin } = read;
  const ignores = new DocumentIgnoreIndex(files.values(), ledBy);
  const findings: DocumentFinding[] = [
    ...version.findings.map((found) => ignores.mark(found, path, [])),
    ...ignores.findings,
    ...secrets,
    ...(await lintDocument(read.root, read.files, ignores, origin)),
    ...(await lintWithRulesets(job, read, ledBy)),
  ];
  for (const { file, pointer, message } of read.notes.slice(0, 20)) {
    const found = finding('swagger-conversion', 'warning', placeOf(file, pointer), message, 'Say it in another way.');
    findings.push(ignores.mark(found, file, pointer));
  }
  const { operations, duplicates, deprecated } = extractOperations(mapping(read.root.value), (reference) =>
    follow(reference, read.root.path, read.files),
  );
  for (const { id, path: where, method } of duplicates.slice(0, 20)) {
    const place = origin(path, ['paths', where, method, 'operationId']);
    const message = `The operationId \`${id}\` is used more than once; this operation is called \`${method} ${where}\`.`;
    const found = finding(
      'openapi-duplicate-operation-id',
      'warning',
      placeOf(place.file, place.pointer),
      message,
      'Give every operation an id of its own.',
    );
    findings.push(ignores.mark(found, place.file, place.pointer));
  }
  for (const { method, path: template, other, example } of overlappingPaths(operations)) {
    const message = `\`${method} ${template}\` and \`${method} ${other}\` both describe \`${example}\`, and neither is the more concrete one.`;
    findings.push(
      finding(
        'overlapping-paths',
        'warning',
        placeAt(path, positions, ['paths', template]),
        message,
        'Tell them apart by another segment: which of the two answers is up to the gateway and the server.',
      ),
    );
  }
  const info = mapping(document['info']);
  const model = {
    title: text(info['title']),
    version: text(info['version']),
    digest:
      files.size === 1
        ? digestOfBytes(bytes)
        : digestOf(Object.fromEntries([...files.values()].map((file) => [file.path, digestOfBytes(file.text)]))),
    operations,
    deprecated,
  };
  // What is a matter of judgement is judged where it is known for which API and environment.
  const usable = !findings.some(({ rule, severity }) => severity === 'error' && isFixed(rule));
  const hidden = [...files.values()].flatMap((file) => secretsIn(file.path, file.text, secrets));
  const safe = hidden.length === 0 ? findings : findings.map((each) => withoutSecrets(each, hidden));
  const ordered = orderFindings(told(safe));
  return { model: usable ? model : null, findings: ordered, ignores: ignores.ignores, others, absent: [] };
}

function lintWithRulesets({ settings }: DocumentJob, { files, origin }: OpenApiFiles, ledBy: LedByUrl) {
  const { rulesets = [] } = settings as LintSettings['settings'];
  return rulesets.length === 0 ? [] : runSpectral({ files: [...files.values()], rulesets, origin, ledBy });
}

function withProblems(
  problems: readonly ReferenceProblem[],
  files: ReadonlyMap<string, LoadedFile>,
  root: LoadedFile,
): Omit<DocumentReading, 'others'> {
  const placeOf = placesIn(files);
  const findings = problems.map(({ rule, file, pointer, message, hint }) =>
    finding(rule, 'error', placeOf(files.has(file) ? file : root.path, pointer), message, hint),
  );
  const absent = problems.flatMap((problem, index) =>
    problem.absent === undefined ? [] : [{ finding: index, path: problem.absent }],
  );
  const passing = problems.some((problem) => problem.passing === true);
  return { model: null, findings, ignores: [], absent, ...(passing ? { passing } : {}) };
}

function endlessFindings(files: ReadonlyMap<string, LoadedFile>): Finding[] {
  const message = 'This `$ref` leads to other `$ref`s only: back to itself, or through too many of them.';
  const placeOf = placesIn(files);
  return endlessReferences(files).map(({ file, pointer }) =>
    finding('openapi-ref', 'error', placeOf(file, pointer), message, 'Point one of them at what is meant.'),
  );
}

/** Places in files of one document; each file is read for its positions once. */
function placesIn(files: ReadonlyMap<string, LoadedFile>) {
  const positions = new Map<string, DocumentPositions>();
  return (path: string, pointer: readonly (string | number)[]) => {
    const known = positions.get(path) ?? new DocumentPositions(path, files.get(path)?.text ?? '');
    positions.set(path, known);
    return placeAt(path, known, pointer);
  };
}

function versionOf(
  document: Record<string, unknown>,
  path: string,
  positions: DocumentPositions,
): { refusal: Finding } | { findings: Finding[] } {
  const place = (field: string) => placeAt(path, positions, [field]);
  const openapi = document['openapi'];
  const supported = 'OpenAPI 3.0, 3.1 and 3.2 and Swagger 2.0 are read.';
  if (typeof openapi === 'string' && /^3\.[012](\.|$)/.test(openapi)) return { findings: [] };
  if (isSwagger(document)) {
    const message = 'This is a Swagger 2.0 document; it is read as the OpenAPI 3.0 document that it comes to.';
    return {
      findings: [
        finding('openapi-version', 'info', place('swagger'), message, 'Convert it to OpenAPI 3 when you can.'),
      ],
    };
  }
  const given = openapi ?? document['swagger'];
  const message =
    given === undefined
      ? 'This is not an OpenAPI document: it has no `openapi` field.'
      : `OpenAPI version \`${JSON.stringify(given).slice(0, 40)}\` is not supported.`;
  return {
    refusal: finding(
      'openapi-version',
      'error',
      place(openapi === undefined ? 'swagger' : 'openapi'),
      message,
      supported,
    ),
  };
}

function placeAt(file: string, positions: DocumentPositions, pointer: readonly (string | number)[]) {
  const range = positions.rangeOf(pointer);
  return { file, ...(range === undefined ? {} : { range }), field: pointer.join('.') };
}

const text = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 500) : '';
