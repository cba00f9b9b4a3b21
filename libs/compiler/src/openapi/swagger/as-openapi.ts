import type { LoadedFile } from '../load-references.ts';
import { type ConvertedDocument, convertSwagger, isSwagger } from './convert-swagger.ts';

/** Where a place of a document that is worked with lies in the files that it was read from. */
export type Origin = (
  file: string,
  pointer: readonly (string | number)[],
) => { readonly file: string; readonly pointer: readonly (string | number)[] };

/** A document with its files as OpenAPI 3, whatever it is written in. Texts and paths are those of the original. */
export interface OpenApiFiles {
  readonly root: LoadedFile;
  /** The document itself first. */
  readonly files: ReadonlyMap<string, LoadedFile>;
  readonly origin: Origin;
  /** What could not be said in OpenAPI 3 as it was meant. */
  readonly notes: ConvertedDocument['notes'];
}

export const sameInOriginal: Origin = (file, pointer) => ({ file, pointer });

/** Converts a Swagger 2.0 document; any other is given back. */
export function asOpenApi(root: LoadedFile, files: ReadonlyMap<string, LoadedFile>): OpenApiFiles {
  if (!isSwagger(root.value)) return { root, files, origin: sameInOriginal, notes: [] };
  const converted = convertSwagger(root, files);
  const asRead = { ...root, value: converted.value };
  return {
    root: asRead,
    files: new Map([...files].map(([path, file]) => [path, path === root.path ? asRead : file])),
    origin: (file, pointer) => (file === root.path ? converted.origin(pointer) : { file, pointer }),
    notes: converted.notes,
  };
}
