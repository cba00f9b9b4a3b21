import type { Finding, Location } from '@gitway/contracts';
import { locationOf, type RuleSetSpec } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { finding } from '../findings.ts';
import { resolvePath } from '../paths.ts';
import type { CompileCache, WorkspaceEntry, WorkspaceReader } from '../workspace.ts';
import type { DocumentSettings } from './document.ts';
import { settingsKeyOf } from './read-documents.ts';
import { readRuleset, type RulesetMeans, type RulesetReading } from './spectral/read-ruleset.ts';
import type { SpectralRuleset } from './spectral/ruleset.ts';

/** What all documents of a workspace are linted with besides Gitway's own rules. */
export interface LintSettings {
  readonly settings: DocumentSettings & { readonly rulesets?: readonly SpectralRuleset[] };
  readonly key: string;
  /** What is wrong with the rulesets; it refuses every environment. */
  readonly findings: readonly Finding[];
  /** Files that are rulesets, whatever else they look like. */
  readonly files: readonly string[];
  /** Where a RuleSet names each ruleset, by its path. */
  readonly places: ReadonlyMap<string, Location>;
}

/** Reads the Spectral rulesets that RuleSets name. The same ruleset named twice is one. */
export async function lintSettings(
  ruleSets: readonly Located[],
  entries: ReadonlyMap<string, WorkspaceEntry>,
  reader: WorkspaceReader,
  cache: CompileCache,
  means: RulesetMeans,
): Promise<LintSettings> {
  const rulesets = new Map<string, SpectralRuleset>();
  const findings: Finding[] = [];
  const files: string[] = [];
  const places = new Map<string, Location>();
  for (const { resource } of ruleSets) {
    const { openapi, mode } = resource.value.spec as RuleSetSpec;
    for (const [number, name] of (openapi?.rulesets ?? []).entries()) {
      const where = locationOf(resource, ['spec', 'openapi', 'rulesets', number]);
      const target = resolvePath(resource.file.path, name);
      if ('refused' in target) {
        const message = `\`${name.slice(0, 120)}\` is not in this repository; nothing is fetched.`;
        findings.push(finding('ruleset-refused', 'error', where, message, 'Give a path, relative to this file.'));
        continue;
      }
      if (!places.has(target.path)) places.set(target.path, where);
      const key = `ruleset:${target.path}:${where.file}:${where.range.line}:${means.functions}`;
      let reading = cache.get(key) as RulesetReading | undefined;
      if (reading === undefined || !isCurrent(reading, target.path, entries)) {
        reading = await readRuleset(target.path, where, entries, reader, means);
        cache.set(key, reading);
      }
      findings.push(...reading.findings);
      files.push(...reading.madeFrom.map(({ path }) => path));
      if (reading.ruleset === undefined) continue;
      if (mode !== 'trial') rulesets.set(target.path, reading.ruleset);
      else if (!rulesets.has(target.path)) rulesets.set(target.path, { ...reading.ruleset, trial: true });
    }
  }
  const settings = rulesets.size === 0 ? {} : { rulesets: [...rulesets.values()] };
  return { settings, key: settingsKeyOf(settings), findings, files, places };
}

/** A reading that failed is made again: what it missed may have come. */
const isCurrent = (
  { ruleset, madeFrom }: RulesetReading,
  path: string,
  entries: ReadonlyMap<string, WorkspaceEntry>,
): boolean =>
  ruleset !== undefined && entries.has(path) && madeFrom.every((file) => entries.get(file.path)?.oid === file.oid);
