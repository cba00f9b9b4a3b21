import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { guardrailPages } from '../pages.ts';

/** Writes `docs/guardrails/`: `node libs/guardrails/dist/tools/write-pages.js`. Pages of rules that are gone go too. */
const folder = new URL('../../../../docs/guardrails/', import.meta.url);
await mkdir(folder, { recursive: true });
const pages = guardrailPages();
for (const name of await readdir(folder)) if (!pages.has(name)) await rm(new URL(name, folder));
for (const [name, content] of pages) await writeFile(new URL(name, folder), content);
