export interface ServerToAdd {
  readonly backend: string;
  readonly server: string;
  readonly host: string;
  readonly port: number;
  /** What follows the address in a `server` line. */
  readonly settings: string;
  readonly checked: boolean;
}

/** One change of a running process. Maps are named by the path that the process knows. */
export type Act =
  | { readonly kind: 'map-add'; readonly path: string; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: 'map-set'; readonly path: string; readonly key: string; readonly value: string }
  | { readonly kind: 'map-delete'; readonly path: string; readonly key: string }
  | { readonly kind: 'map-replace'; readonly path: string; readonly entries: readonly (readonly [string, string])[] }
  | { readonly kind: 'certificate-set'; readonly file: string; readonly text: string }
  | { readonly kind: 'server-add'; readonly server: ServerToAdd }
  | { readonly kind: 'server-weight'; readonly backend: string; readonly server: string; readonly weight: number }
  | { readonly kind: 'server-disable'; readonly backend: string; readonly server: string }
  | { readonly kind: 'server-delete'; readonly backend: string; readonly server: string };
