import type { Finding, Severity } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import {
  BaseResolver,
  createConfig,
  lintDocument as lintWithRedocly,
  ResolveError,
  Source,
  type Config,
  type Document,
} from '@redocly/openapi-core';
import { finding } from '../findings.ts';
import type { LoadedFile } from './load-references.ts';
import { oneLine } from './parse-document.ts';
import { placeIn } from './positions.ts';

/** Redocly's rule → ours. The structure is an error, since a gateway would have to guess; style is a warning. */
const lintRules: Record<string, { rule: string; severity: Severity; hint?: string }> = {
  struct: { rule: 'openapi-structure', severity: 'error' },
  'no-unresolved-refs': {
    rule: 'openapi-unresolved-ref',
    severity: 'error',
    hint: 'Point it at something that is there.',
  },
  'no-identical-paths': { rule: 'openapi-identical-paths', severity: 'warning', hint: 'Declare each path once.' },
  'path-params-defined': {
    rule: 'openapi-path-parameters',
    severity: 'warning',
    hint: 'Declare every parameter of the path, and no other.',
  },
  'path-not-include-query': {
    rule: 'openapi-path-query',
    severity: 'warning',
    hint: 'Declare query parameters under `parameters`.',
  },
  'operation-parameters-unique': {
    rule: 'openapi-parameters-unique',
    severity: 'warning',
    hint: 'Declare each parameter once.',
  },
  'operation-2xx-response': {
    rule: 'openapi-success-response',
    severity: 'warning',
    hint: 'Declare what a call that succeeds answers.',
  },
  'operation-operationId': {
    rule: 'openapi-operation-id',
    severity: 'warning',
    hint: 'Give it an `operationId`: statistics and policies name operations by it.',
  },
};

/** Above this size only the structure is looked at, so that one huge document cannot hold up everybody's commits. */
const STYLE_LIMIT_BYTES = 8_000_000;
const MAX_PER_RULE = 20;

let configs: { full: Promise<Config>; structure: Promise<Config> } | undefined;

function configFor(bytes: number): Promise<Config> {
  const severityOf = (rule: string) => (lintRules[rule]?.severity === 'error' ? 'error' : 'warn');
  configs ??= {
    full: createConfig({ rules: Object.fromEntries(Object.keys(lintRules).map((rule) => [rule, severityOf(rule)])) }),
    structure: createConfig({ rules: { struct: 'error', 'no-unresolved-refs': 'error' } }),
  };
  return bytes > STYLE_LIMIT_BYTES ? configs.structure : configs.full;
}

/** Serves the files that were loaded beforehand, and nothing else: no file system, no network. */
class LoadedFilesResolver extends BaseResolver {
  readonly #documents: ReadonlyMap<string, Document>;

  constructor(documents: ReadonlyMap<string, Document>) {
    super();
    this.#documents = documents;
  }

  override resolveDocument<T>(base: string | null, reference: string): Promise<Document<T> | ResolveError> {
    const path = this.resolveExternalRef(base, reference);
    const document = this.#documents.get(path);
    if (document === undefined) return Promise.resolve(new ResolveError(new Error('it is not part of the repository')));
    return Promise.resolve(document as Document<T>);
  }

  override loadExternalRef(): Promise<Source> {
    return Promise.reject(new ResolveError(new Error('it is not part of the repository')));
  }
}

/** What is wrong with a document's structure and style. Bounded: at most 20 findings of one rule, the last says how many more. */
export async function lintDocument(root: LoadedFile, files: ReadonlyMap<string, LoadedFile>): Promise<Finding[]> {
  const documents = new Map<string, Document>();
  for (const file of files.values()) {
    documents.set(`/${file.path}`, { source: new Source(`/${file.path}`, file.text), parsed: file.value });
  }
  const document = documents.get(`/${root.path}`)!;
  let problems: Awaited<ReturnType<typeof lintWithRedocly>>;
  try {
    problems = await lintWithRedocly({
      document,
      config: await configFor(root.text.length),
      externalRefResolver: new LoadedFilesResolver(documents),
    });
  } catch (error) {
    // References that go round over several files, for example. The document is at fault, not the one who reads it.
    const message = `The document cannot be read to its end: ${oneLine(messageOf(error))}`;
    return [
      finding('openapi-ref', 'error', { file: root.path }, message, 'Look for `$ref`s that lead back to themselves.'),
    ];
  }
  const byRule = new Map<string, (typeof problems)[number][]>();
  for (const problem of problems) {
    const key = problem.ruleId === 'struct' && isUnexpected(problem.message) ? 'unexpected' : problem.ruleId;
    byRule.set(key, [...(byRule.get(key) ?? []), problem].slice(0, 1_000_000));
  }
  const findings: Finding[] = [];
  for (const [key, all] of byRule) {
    const known =
      key === 'unexpected'
        ? unexpectedProperty
        : (lintRules[key] ?? { rule: 'openapi-structure', severity: 'error' as const });
    all.slice(0, MAX_PER_RULE).forEach((problem, index) => {
      const more =
        index === MAX_PER_RULE - 1 && all.length > MAX_PER_RULE
          ? ` (and ${all.length - MAX_PER_RULE} more like it)`
          : '';
      const suggestions =
        problem.suggest.length > 0
          ? `Did you mean ${problem.suggest
              .slice(0, 3)
              .map((name) => `\`${name}\``)
              .join(' or ')}?`
          : undefined;
      const hint = suggestions ?? ('hint' in known ? known.hint : undefined);
      findings.push(
        finding(
          known.rule,
          known.severity,
          placeOf(problem.location[0], root.path),
          oneLine(problem.message) + more,
          hint,
        ),
      );
    });
  }
  return findings;
}

/** A property that OpenAPI does not know changes nothing for a gateway: worth a warning, not a refusal. */
const unexpectedProperty = {
  rule: 'openapi-unexpected-property',
  severity: 'warning' as const,
  hint: 'Delete it, or begin its name with `x-`.',
};
const isUnexpected = (message: string) => /is not expected here/.test(message);

function placeOf(location: Parameters<typeof placeIn>[0] | undefined, rootPath: string) {
  if (location === undefined) return { file: rootPath };
  const range = placeIn(location);
  return { file: location.source.absoluteRef.replace(/^\//, ''), ...(range === undefined ? {} : { range }) };
}
