import { mkdir, writeFile } from 'node:fs/promises';
import { schemaFiles } from '../json-schema.ts';

/** Writes `libs/resources/schemas/`: `node libs/resources/dist/tools/write-schemas.js`, then format them with prettier. */
const folder = new URL('../../schemas/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, content] of schemaFiles()) await writeFile(new URL(name, folder), content);
