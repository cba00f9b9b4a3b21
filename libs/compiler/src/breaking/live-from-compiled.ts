import type { CompiledEnvironment, CompileResult, WorkspaceReader } from '../workspace.ts';
import { withCopies } from '../openapi/remote-files.ts';
import type { ApiUsage, LiveEnvironment } from './live.ts';

/** What of a base is known beside its files. */
export interface BaseKnowledge {
  /** In words, for messages: `main (1a2b3c4)`. */
  readonly name: string;
  usage(api: string, since: Date): Promise<ApiUsage>;
}

/** Another revision that was compiled, as what is live. Null where it was refused for the environment. */
export function liveFromCompiled(
  { environments, documents, remote }: CompileResult,
  environment: string,
  reader: WorkspaceReader,
  { name, usage }: BaseKnowledge,
): LiveEnvironment | null {
  const compiled: CompiledEnvironment | undefined = environments.find((each) => each.name === environment);
  if (compiled === undefined || compiled.snapshot === null) return null;
  const { snapshot, units } = compiled;
  return {
    name,
    apis: snapshot.units.flatMap((unit) => (unit.kind === 'api' ? [{ name: unit.name, unit: unit.digest }] : [])),
    unit: (digest) => {
      const unit = units.get(digest);
      return Promise.resolve(unit?.kind === 'api' ? unit : undefined);
    },
    document: (digest) => {
      const files = documents.get(digest)?.files;
      const root = files?.[0]?.path;
      if (files === undefined || root === undefined) return Promise.resolve(undefined);
      const entries = files.map((file) => ({ ...file, mode: '100644' }));
      return Promise.resolve({ root, list: () => Promise.resolve(entries), read: withCopies(reader, remote) });
    },
    usage,
    deprecations: () => Promise.resolve(new Map()),
    servedUntil: () => Promise.resolve(undefined),
  };
}
