import { compileWorkspace } from '@gitway/compiler';
import { gitBlobId } from '@gitway/contracts';
import { driverChecks } from '@gitway/drivers';

/** Compiles files that lie nowhere. */
export function compileFiles(files: Readonly<Record<string, string>>) {
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  const entries = [...bytes].map(([path, content]) => ({
    path,
    mode: '100644',
    oid: gitBlobId(content),
    size: content.byteLength,
  }));
  return compileWorkspace(
    { list: () => Promise.resolve(entries), read: (path) => Promise.resolve(bytes.get(path)) },
    { drivers: driverChecks },
  );
}
