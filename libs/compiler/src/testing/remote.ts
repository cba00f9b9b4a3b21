import type { TakenFile, RemoteFiles } from '../openapi/remote-files.ts';

export interface FakeServers extends RemoteFiles {
  /** URLs that were asked for, in order. */
  readonly asked: string[];
}

/** Other servers in memory: every host of `files` is allowed, and what is not among them answers 404. */
export function serversWith(files: Readonly<Record<string, string>>): FakeServers {
  const hosts = new Set(Object.keys(files).map((url) => new URL(url).host));
  const asked: string[] = [];
  return {
    asked,
    allows: (url) => hosts.has(new URL(url).host),
    take: (url): Promise<TakenFile> => {
      asked.push(url);
      const content = files[url];
      return Promise.resolve(
        content === undefined ? { unreachable: 'it answered 404' } : { bytes: Buffer.from(content) },
      );
    },
  };
}
