import type { PoolServer } from '../pools/index.ts';

/** A backend by what a running process can and cannot change of it. */
export interface ImageBackend {
  /** The name that its API and pool give it: what it is known by, wherever it stands. */
  readonly own: string;
  /** The name under which it stands in the configuration. */
  readonly name: string;
  /** Digest of its shape and of every line but its servers. Backends of one kind can stand in for each other. */
  readonly kind: string;
  /** Whether it may stand under another name: not where something speaks of it by its own. */
  readonly movable: boolean;
  /** Digest of everything else that decides how its API's calls are treated. */
  readonly treatment: string;
  readonly servers: readonly PoolServer[];
}

export interface ImageMap {
  /** The file that holds it. */
  readonly path: string;
  /** Its lines, in pieces that come from one unit each, so that two images are compared piece by piece. */
  readonly chunks: ReadonlySet<string>;
  /** Whether its keys are given from outside (a host, a credential), and not made from what their entries say. */
  readonly fixed: boolean;
}

export interface ImageCertificate {
  readonly path: string;
  readonly text: string;
}

/** A rendering as a process runs it: what only a reload changes by digest, everything else by its parts. */
export interface Image {
  /** Digest of the sections that all APIs share, and of every file but maps and certificates. */
  readonly head: string;
  /** By own name. */
  readonly backends: ReadonlyMap<string, ImageBackend>;
  /** Maps that rules ask, by the name that rules give them. */
  readonly maps: ReadonlyMap<string, ImageMap>;
  /** Certificates of listeners with their keys, by the name that lists give them. */
  readonly certificates: ReadonlyMap<string, ImageCertificate>;
  /** Empty backends that wait for an API: name → kind. */
  readonly spares: ReadonlyMap<string, string>;
}

/** Own name of a backend → the name under which it stands, where that is another. */
export type Placement = ReadonlyMap<string, string>;

export const noPlacement: Placement = new Map();

/**
 * How a running process differs from the rendering on disk that says the same. It is empty after every load, and kept
 * beside the files, so that an agent that was restarted knows what an earlier one did.
 */
export interface ProcessState {
  /** Process id of the worker that it is true of. */
  readonly worker: number;
  /** Mark of the configuration that the worker was loaded with. */
  readonly mark: string;
  /** Map or certificate → path that the worker knows it by, which is how it was loaded. */
  readonly maps: Readonly<Record<string, string>>;
  /** Empty backends that are ready to be taken: name → kind. */
  readonly free: Readonly<Record<string, string>>;
  /** Backends that nobody is sent to any more; once their servers are gone they are free again. */
  readonly leaving: readonly { readonly backend: string; readonly kind: string; readonly servers: readonly string[] }[];
  /** Map → entries that nothing asks for any more: key → value. */
  readonly stray: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A worker that was just loaded with an image. */
export const freshProcess = (image: Image, mark: string, worker: number): ProcessState => ({
  worker,
  mark,
  maps: Object.fromEntries([...image.maps, ...image.certificates].map(([name, { path }]) => [name, path])),
  free: Object.fromEntries(image.spares),
  leaving: [],
  stray: {},
});
