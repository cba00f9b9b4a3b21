import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { rulePages } from '../rules/index.ts';

/** Writes `docs/rules/`: `node libs/compiler/dist/tools/write-rule-pages.js`. Pages of rules that are gone go too. */
const folder = new URL('../../../../docs/rules/', import.meta.url);
await mkdir(folder, { recursive: true });
const pages = rulePages();
for (const name of await readdir(folder)) if (!pages.has(name)) await rm(new URL(name, folder));
for (const [name, content] of pages) await writeFile(new URL(name, folder), content);
