import { digestOf, type Finding } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { decodeText, fieldName, readYaml, resourceLimits, SourceFile, suggest, type Path } from '@gitway/resources';
import { finding } from '../../findings.ts';
import { isRemote, refusals, resolveReference, shownReference } from '../../paths.ts';
import { secretFindings } from '../../secrets/secret-findings.ts';
import type { WorkspaceEntry, WorkspaceReader } from '../../workspace.ts';
import { allowHint, hostOf, type RemoteCopies } from '../remote-files.ts';
import { buildRuleset } from './build-ruleset.ts';
import { checkRuleset, isMapping } from './check-ruleset.ts';
import { asOfToday } from './older-rulesets.ts';
import { FunctionFiles } from './functions/function-files.ts';
import {
  builtInRulesets,
  type BuiltInRuleset,
  type ExtendMode,
  type RulesetData,
  type SpectralRuleset,
} from './ruleset.ts';

export interface RulesetReading {
  /** Missing where something in it cannot be accepted. */
  readonly ruleset?: SpectralRuleset;
  readonly findings: readonly Finding[];
  /** Every file that it was made from. */
  readonly madeFrom: readonly { readonly path: string; readonly oid: string }[];
}

const MAX_FILES = 50;
const readable = /\.(ya?ml|json)$/i;

/** What a source may have in its rulesets besides data of its own. */
export interface RulesetMeans {
  readonly remote: RemoteCopies;
  /** Whether JavaScript functions are run, in a sandbox. */
  readonly functions: boolean;
}

/** Reads a ruleset and what it extends. `at` is where the RuleSet names it: what is wrong with the name is told there. */
export async function readRuleset(
  path: string,
  at: Finding['where'],
  entries: ReadonlyMap<string, WorkspaceEntry>,
  reader: WorkspaceReader,
  { remote, functions: allowed }: RulesetMeans,
): Promise<RulesetReading> {
  const findings: Finding[] = [];
  /** Secrets in clear: told of whatever else is wrong, and no reason not to use the ruleset. */
  const secrets: Finding[] = [];
  const functions = new FunctionFiles(entries, reader);
  const files = new Map<string, { oid: string; data: RulesetData | undefined }>();

  const load = async (
    file: string,
    where: () => Finding['where'],
    above: readonly string[],
  ): Promise<RulesetData | undefined> => {
    const known = files.get(file);
    if (known !== undefined) return known.data;
    const opened = isRemote(file) ? await remote.open(file) : undefined;
    const entry = opened === undefined ? entries.get(file) : remote.entry(file);
    const refuse = (rule: string, message: string, hint: string) => {
      findings.push(finding(rule, 'error', where(), message, hint));
      return undefined;
    };
    if (opened !== undefined && 'refused' in opened) {
      const shown = `\`${shownReference(file)}\``;
      return opened.refused === 'unreachable'
        ? refuse(
            'ruleset-refused',
            `${shown} cannot be had: ${opened.reason}.`,
            'Look whether it is there; then try again.',
          )
        : refuse(
            'ruleset-refused',
            `${shown} is on another server, and \`${hostOf(file)}\` is not allowed.`,
            allowHint(file),
          );
    }
    if (entry === undefined) {
      const near = suggest(file, entries.keys());
      const hint = near === undefined ? 'Give a path in this repository.' : `Did you mean \`${near}\`?`;
      return refuse('missing-file', `There is no file \`${file.slice(0, 200)}\`.`, hint);
    }
    if (entry.mode !== '100644' && entry.mode !== '100755')
      return refuse('symlink', `\`${file}\` is a symbolic link or a submodule.`, 'Put the file itself here.');
    if (entry.size > resourceLimits.maxBytes || files.size >= MAX_FILES)
      return refuse(
        'ruleset-invalid',
        'The ruleset is too large, or extends too many others.',
        'Split or simplify it.',
      );
    const bytes = opened === undefined ? await reader.read(file) : opened.bytes;
    const decoded = bytes === undefined ? { problem: 'it cannot be read', hint: 'Try again.' } : decodeText(bytes);
    if ('problem' in decoded)
      return refuse('file-encoding', `\`${file}\`: ${decoded.problem}`, decoded.hint ?? 'Mend it.');
    files.set(file, { oid: entry.oid, data: undefined });
    if (opened === undefined) secrets.push(...(await secretFindings(file, decoded.text, 'document')));
    const source = new SourceFile(file, decoded.text, resourceLimits);
    // What is wrong in a file of another server is told where it is named.
    const told = (found: Finding) =>
      opened === undefined
        ? found
        : { ...found, where: where(), message: `In \`${shownReference(file)}\`: ${found.message}` };
    const place = (field: Path, part?: 'key' | 'value') => ({
      file,
      range: source.rangeOf(0, field, part),
      ...(field.length === 0 ? {} : { field: fieldName(field) }),
    });
    const [document, second] = readYaml(decoded.text, resourceLimits).documents;
    const [problem] = document?.problems ?? [];
    if (problem !== undefined) {
      const hint = problem.hint ?? 'Mend it; none of its rules can be used as it is.';
      findings.push(told(finding('ruleset-invalid', 'error', { file, range: problem.range }, problem.message, hint)));
      return undefined;
    }
    const value = document?.value;
    if (!isMapping(value) || second !== undefined) {
      const hint = 'Write one mapping with `rules`, `extends` or `overrides`.';
      findings.push(told(finding('ruleset-invalid', 'error', { file }, 'This is not a Spectral ruleset.', hint)));
      return undefined;
    }
    // What another server says is data at most.
    for (const found of checkRuleset(value, allowed && opened === undefined)) {
      findings.push(told(finding(found.rule, 'error', place(found.path), found.message, found.hint)));
    }
    const data = await withExtends(asOfToday(value), file, opened === undefined ? place : where, above);
    files.set(file, { oid: entry.oid, data });
    return data;
  };

  const withExtends = async (
    value: Readonly<Record<string, unknown>>,
    file: string,
    place: (field: Path) => Finding['where'],
    above: readonly string[],
  ): Promise<RulesetData> => {
    const { extends: extended, functions: named, functionsDir, ...rest } = value;
    const overrides = Array.isArray(rest['overrides']) ? (rest['overrides'] as unknown[]) : undefined;
    const data: Record<string, unknown> = { ...rest };
    if (allowed && named !== undefined && !isRemote(file))
      data['functions'] = await functions.declare({ named, folder: functionsDir }, file, place);
    if (extended !== undefined) data['extends'] = await extensions(extended, file, ['extends'], place, above);
    if (overrides !== undefined) {
      data['overrides'] = await Promise.all(
        overrides.map(async (part, number) => {
          if (!isMapping(part) || part['extends'] === undefined) return part;
          return {
            ...part,
            extends: await extensions(part['extends'], file, ['overrides', number, 'extends'], place, above),
          };
        }),
      );
    }
    return data;
  };

  const extensions = async (
    extended: unknown,
    file: string,
    field: Path,
    place: (field: Path) => Finding['where'],
    above: readonly string[],
  ): Promise<unknown[]> => {
    const list: readonly unknown[] = Array.isArray(extended) ? extended : [extended];
    const found: unknown[] = [];
    for (const [number, item] of list.entries()) {
      const own = Array.isArray(extended) ? [...field, number] : field;
      const [name, mode] = Array.isArray(item) ? (item as [unknown, ExtendMode?]) : [item];
      if (typeof name !== 'string') continue;
      const target = builtInRulesets.includes(name)
        ? (name as BuiltInRuleset)
        : await local(name, file, own, place, above);
      if (target !== undefined) found.push(mode === undefined ? target : [target, mode]);
    }
    return found;
  };

  const local = async (
    name: string,
    file: string,
    field: Path,
    place: (field: Path) => Finding['where'],
    above: readonly string[],
  ) => {
    const refuse = (message: string, hint: string) => {
      findings.push(finding('ruleset-refused', 'error', place(field), message, hint));
      return undefined;
    };
    const shown = `\`${shownReference(name)}\``;
    const target = resolveReference(file, name);
    const onServer = 'path' in target && isRemote(target.path);
    if (/\.[cm]?[jt]s$/i.test(name))
      return refuse(`${shown} is a ruleset in JavaScript, which is not run.`, 'Extend rulesets in YAML or JSON.');
    if (!onServer && !('refused' in target) && !/^\.{0,2}\//.test(name) && !readable.test(name))
      return refuse(
        `${shown} would be fetched from a package registry.`,
        'Put the ruleset into the repository and extend it by its path.',
      );
    if ('refused' in target)
      return refuse(
        `${shown} ${refusals[target.refused]}.`,
        'Put the ruleset into the repository and extend it by its path.',
      );
    if (!onServer && !readable.test(target.path))
      return refuse(`${shown} is not YAML or JSON.`, 'Name the file with its ending.');
    // Rulesets that extend each other in a circle end here, as they do for Spectral.
    if (target.path === file || above.includes(target.path)) return undefined;
    return load(target.path, () => place(field), [...above, file]);
  };

  if (!readable.test(path)) {
    const script = /\.[cm]?[jt]s$/i.test(path);
    const message = script
      ? `\`${path}\` is a ruleset in JavaScript, which is not run.`
      : `\`${path}\` is not YAML or JSON.`;
    return {
      findings: [
        finding(
          'ruleset-refused',
          'error',
          at,
          message,
          'Write it in YAML or JSON; a source may be allowed functions.',
        ),
      ],
      madeFrom: [],
    };
  }
  const definition = await load(path, () => at, []);
  findings.push(...functions.findings);
  secrets.push(...functions.secrets);
  const madeFrom = [...files, ...functions.files]
    .map(([name, { oid }]) => ({ path: name, oid }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (definition === undefined || findings.length > 0) return { findings: [...findings, ...secrets], madeFrom };
  const ruleset = {
    path,
    digest: digestOf(Object.fromEntries(madeFrom.map((file) => [file.path, file.oid]))),
    definition,
    ...(functions.files.size === 0 ? {} : { modules: functions.modules }),
  };
  try {
    await buildRuleset(ruleset);
  } catch (error) {
    const problems = problemsOf(error);
    const told = problems.map((message) =>
      finding('ruleset-invalid', 'error', { file: path }, message, 'See the format of Spectral rulesets.'),
    );
    return { findings: [...told, ...secrets], madeFrom };
  }
  return { ruleset, findings: secrets, madeFrom };
}

/** Spectral tells of all problems at once, each with its path. */
function problemsOf(error: unknown): string[] {
  const errors: readonly unknown[] = error instanceof AggregateError || isAggregate(error) ? error.errors : [error];
  return errors.slice(0, 20).map((each) => {
    const { path } = each as { path?: readonly unknown[] };
    const at = Array.isArray(path) && path.length > 0 ? `\`${path.join('.').slice(0, 200)}\`: ` : '';
    return `Spectral does not accept it: ${at}${messageOf(each).slice(0, 300).replace(/\.?$/, '.')}`;
  });
}

const isAggregate = (error: unknown): error is { errors: readonly unknown[] } =>
  typeof error === 'object' && error !== null && Array.isArray((error as { errors?: unknown }).errors);
