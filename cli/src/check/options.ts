import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InvalidInputError } from '@gitway/errors';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
export const toolVersion = (manifest as { version: string }).version;

/** Ids of a user's own rules are not ours to trust. */
const encoded = (rule: string) => encodeURIComponent(rule.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));

const pages = ['../../../docs/rules/', '../../../docs/guardrails/'].map((folder) => new URL(folder, import.meta.url));

/** The rule's page in this repository, for an editor on the same machine. */
export function localRulePage(rule: string): string | undefined {
  return pages.map((folder) => new URL(`${encoded(rule)}.md`, folder)).find((page) => existsSync(fileURLToPath(page)))
    ?.href;
}

/** `https://git.example.com/gitway/docs/rules/{rule}.md`. @throws InvalidInputError `bad-rule-url` */
export function ruleUrlArgument(template: string): (rule: string) => string {
  const urlOf = (rule: string) => template.replaceAll('{rule}', encoded(rule));
  const parsed = URL.canParse(urlOf('rule')) ? new URL(urlOf('rule')) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || !template.includes('{rule}')) {
    throw new InvalidInputError(
      'bad-rule-url',
      'Write --rule-url as in https://git.example.com/gitway/docs/rules/{rule}.md.',
    );
  }
  return (rule) => new URL(urlOf(rule)).href;
}

/** The real path of a file that need not exist yet. */
export function realPathOf(cwd: string, path: string): string {
  const full = resolve(cwd, path);
  const folder = dirname(full);
  return existsSync(folder) ? join(realpathSync(folder), basename(full)) : full;
}

/** `file:///…/`, ending in "/". */
export const folderUri = (folder: string) => pathToFileURL(join(folder, '/')).href;
