import { expect } from '@jest/globals';
import { DocumentIgnoreIndex } from '../openapi/document-ignores.ts';
import { lintDocument } from '../openapi/lint-document.ts';
import type { LoadedFile } from '../openapi/load-references.ts';
import { parseDocument } from '../openapi/parse-document.ts';
import { asOpenApi } from '../openapi/swagger/as-openapi.ts';
import { convertSwagger } from '../openapi/swagger/convert-swagger.ts';

export function load(files: Readonly<Record<string, string>>) {
  const loaded = new Map<string, LoadedFile>();
  for (const [path, text] of Object.entries(files)) {
    const parsed = parseDocument(path, text);
    if ('message' in parsed) throw new Error(parsed.message);
    loaded.set(path, { path, text, value: parsed.value });
  }
  return { root: [...loaded.values()][0]!, files: loaded };
}

/** Converts, and holds that what was given stays as it is. */
export function convert(files: Readonly<Record<string, string>>) {
  const { root, files: loaded } = load(files);
  const before = JSON.stringify([...loaded.values()]);
  const converted = convertSwagger(root, loaded);
  expect(JSON.stringify([...loaded.values()])).toBe(before);
  return converted;
}

/** What lint finds in what comes out. */
export async function lint(files: Readonly<Record<string, string>>) {
  const { root, files: loaded } = load(files);
  const read = asOpenApi(root, loaded);
  return lintDocument(read.root, read.files, new DocumentIgnoreIndex([]), read.origin);
}
