import { gitBlobId } from '@gitway/contracts';
import { isRemote } from '../paths.ts';
import type { WorkspaceEntry, WorkspaceReader } from '../workspace.ts';
import type { OpenedFile } from './document.ts';

/** Files of other servers, as far as a source allows them. */
export interface RemoteFiles {
  /** Whether the host of this URL is allowed. */
  allows(url: string): boolean;
  /** Asked of allowed URLs only. The same URL gets the same answer for as long as a compile lasts. Never throws. */
  take(url: string): Promise<TakenFile>;
}

/** `unreachable` says why, as a clause: `it answered 404`. */
export type TakenFile = { readonly bytes: Uint8Array } | { readonly unreachable: string };

/** One file of another server, as a compile had it. */
export interface RemoteCopy {
  /** Git's id of its content. */
  readonly oid: string;
  readonly bytes: Uint8Array;
}

/** What one compile takes from other servers. */
export class RemoteCopies {
  /** By URL. */
  readonly taken = new Map<string, RemoteCopy>();
  readonly #files: RemoteFiles | undefined;

  constructor(files: RemoteFiles | undefined) {
    this.#files = files;
  }

  async open(url: string): Promise<OpenedFile> {
    if (this.#files?.allows(url) !== true) return { refused: 'remote' };
    const answer = await this.#files.take(url);
    if ('unreachable' in answer) return { refused: 'unreachable', reason: answer.unreachable };
    const { bytes } = answer;
    if (!this.taken.has(url)) this.taken.set(url, { oid: gitBlobId(bytes), bytes });
    return { bytes };
  }

  /** As if it were a file of the repository; undefined when it was not taken. */
  entry(url: string): WorkspaceEntry | undefined {
    const copy = this.taken.get(url);
    return copy === undefined ? undefined : { path: url, mode: '100644', oid: copy.oid, size: copy.bytes.byteLength };
  }
}

/** Reads files of the repository, and of other servers what was taken from there. */
export const withCopies = (
  reader: Pick<WorkspaceReader, 'read'>,
  taken: ReadonlyMap<string, RemoteCopy>,
): WorkspaceReader['read'] => {
  return (path) => (isRemote(path) ? Promise.resolve(taken.get(path)?.bytes) : reader.read(path));
};

/** What to do about a host that is not allowed. */
export const allowHint = (url: string): string =>
  `Put the file into the repository and refer to it by a relative path; or let whoever runs Gitway allow \`${hostOf(url)}\`: \`GITWAY_REMOTE_REFS\` of the validator, \`--allow-remote-ref\` of \`gitway check\`.`;

/** What is allowed: the host, with its port and with `http` where they are not the usual ones. */
export function hostOf(url: string): string {
  const { protocol, host } = new URL(url);
  return protocol === 'https:' ? host : `${protocol}//${host}`;
}
