import type { Location } from '@gitway/contracts';
import { decodeText, fieldName, resourceLimits, SourceFile, type Path } from '@gitway/resources';
import { buildRuleset } from '../openapi/spectral/build-ruleset.ts';
import { isMapping } from '../openapi/spectral/check-ruleset.ts';
import { asOfToday } from '../openapi/spectral/older-rulesets.ts';
import { builtInRulesets, spectralRuleId, type SpectralRuleset } from '../openapi/spectral/ruleset.ts';
import { parseDocument } from '../openapi/parse-document.ts';
import { isRemote, resolveReference } from '../paths.ts';
import type { Level } from '../verdicts/rule-levels.ts';
import type { WorkspaceReader } from '../workspace.ts';

/** A place in a ruleset's files that says of a rule how grave it is, as it is written. */
export interface SpectralSaying {
  readonly severity: string;
  readonly where: Location;
  /** Of an override: the files that it is for. */
  readonly files?: readonly string[];
}

export interface SpectralRule {
  readonly id: string;
  readonly name: string;
  readonly severity: Level;
  /** Where it is written out, or what takes it in that is built in; undefined where files of other servers do. */
  readonly where: Location | undefined;
  readonly message?: string;
  readonly description?: string;
  readonly documentationUrl?: string;
  readonly given: readonly string[];
  /** `then` of it, as it is written. */
  readonly checks: unknown;
  readonly said: readonly SpectralSaying[];
}

const severities: readonly Level[] = ['error', 'warning', 'info', 'info'];

/** The rules that a ruleset comes to, off or on, with the places in the repository that speak of them. */
export async function spectralRules(ruleset: SpectralRuleset, reader: WorkspaceReader): Promise<SpectralRule[]> {
  const { rules } = await buildRuleset(ruleset);
  const files = await filesOf(ruleset.path, reader);
  return Object.values(rules).map((rule): SpectralRule => {
    const written = files.find((file) => isMapping(file.rules[rule.name]));
    const builtIn = files.find(({ builtIn: at }) => at !== undefined)?.builtIn;
    const checks = rule.then.map((each) => {
      const { function: of, ...rest } = each as { function: string | { name: string } };
      return { ...rest, function: typeof of === 'string' ? of : of.name };
    });
    const raw = written?.rules[rule.name];
    return {
      id: spectralRuleId(rule.name),
      name: rule.name,
      severity: rule.enabled ? (severities[rule.severity] ?? 'off') : 'off',
      where: written?.place(['rules', rule.name]) ?? builtIn,
      ...(rule.message === null ? {} : { message: rule.message }),
      ...(rule.description === null ? {} : { description: rule.description }),
      ...(rule.documentationUrl === null ? {} : { documentationUrl: rule.documentationUrl }),
      given: rule.given,
      // As it is written: functions of a repository have no name of their own here.
      checks: isMapping(raw) ? raw['then'] : checks,
      said: files.flatMap((file) => file.sayings(rule.name)),
    };
  });
}

interface RulesetFile {
  readonly rules: Readonly<Record<string, unknown>>;
  /** Where it extends what is built in. */
  readonly builtIn: Location | undefined;
  place(path: Path): Location;
  sayings(rule: string): SpectralSaying[];
}

/** The files of a ruleset, what counts most first. */
async function filesOf(path: string, reader: WorkspaceReader, seen = new Set<string>()): Promise<RulesetFile[]> {
  if (seen.has(path) || isRemote(path)) return [];
  seen.add(path);
  const bytes = await reader.read(path);
  const decoded = bytes === undefined ? undefined : decodeText(bytes);
  if (decoded === undefined || 'problem' in decoded) return [];
  const parsed = parseDocument(path, decoded.text);
  if (!('value' in parsed) || !isMapping(parsed.value)) return [];
  const value = parsed.value;
  const source = new SourceFile(path, decoded.text, resourceLimits);
  const place = (field: Path): Location => ({
    file: path,
    range: source.rangeOf(0, field, 'key'),
    field: fieldName(field),
  });
  const names = [value['extends'] ?? []]
    .flat()
    .map((item: unknown) => (Array.isArray(item) ? (item[0] as unknown) : item));
  const rules = asOfToday(value)['rules'];
  const own: RulesetFile = {
    rules: isMapping(rules) ? rules : {},
    builtIn: names.some((name) => builtInRulesets.includes(String(name))) ? place(['extends']) : undefined,
    place,
    sayings: (rule) => sayingsOf(value, rule, place),
  };
  const below: RulesetFile[] = [];
  for (const name of names.toReversed()) {
    const target =
      typeof name === 'string' && !builtInRulesets.includes(name) ? resolveReference(path, name) : undefined;
    if (target !== undefined && 'path' in target) below.push(...(await filesOf(target.path, reader, seen)));
  }
  return [own, ...below];
}

function sayingsOf(
  { rules, overrides }: Readonly<Record<string, unknown>>,
  rule: string,
  place: (field: Path) => Location,
): SpectralSaying[] {
  const saying = (of: unknown, field: Path, files?: readonly string[]): SpectralSaying[] => {
    if (!isMapping(of) || !Object.hasOwn(of, rule)) return [];
    const said = of[rule];
    const severity = isMapping(said) ? (said['severity'] ?? 'warn') : said;
    return [{ severity: String(severity), where: place([...field, rule]), ...(files === undefined ? {} : { files }) }];
  };
  const parts = Array.isArray(overrides) ? (overrides as unknown[]) : [];
  return [
    ...saying(rules, ['rules']),
    ...parts.flatMap((part, number) =>
      isMapping(part)
        ? saying(part['rules'], ['overrides', number, 'rules'], [part['files'] ?? []].flat().map(String))
        : [],
    ),
  ];
}
