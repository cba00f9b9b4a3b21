import { compileWorkspace, exampleWorkspace, rules, type WorkspaceReader } from '@gitway/compiler';
import { gitBlobId } from '@gitway/contracts';
import { driverChecks } from '@gitway/drivers';
import type { Kind } from '@gitway/resources';

/** Compiles files as a repository would be, on any branch. */
export function compileFiles(files: Readonly<Record<string, string>>) {
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  const entries = [...bytes].map(([path, content]) => ({
    path,
    mode: '100644',
    oid: gitBlobId(content),
    size: content.byteLength,
  }));
  const reader: WorkspaceReader = {
    list: () => Promise.resolve(entries),
    read: (path) => Promise.resolve(bytes.get(path)),
  };
  return compileWorkspace(reader, { drivers: driverChecks, now: new Date('2026-01-01T00:00:00Z') });
}

/** Rules by the kinds that their own bad examples are found in. */
export async function rulesByKind(): Promise<Map<Kind, string[]>> {
  const found = new Map<Kind, Set<string>>();
  for (const { id, bad } of rules) {
    const { findings } = await compileFiles({ ...exampleWorkspace, ...bad });
    for (const { rule, where } of findings) {
      if (rule !== id || where.object === undefined) continue;
      const kind = where.object.split('/')[0] as Kind;
      found.set(kind, (found.get(kind) ?? new Set()).add(id));
    }
  }
  return new Map([...found].map(([kind, ids]) => [kind, [...ids].sort()]));
}
