import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this checkout; the same from `src/` and from `dist/`. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
