/** The servers that Gitway stands on. `nats` always means nats-server with JetStream. */
export const serverNames = ['postgres', 'nats', 'haproxy', 'redis'] as const;
export type ServerName = (typeof serverNames)[number];

/** What is being done about a server right now, for people who wait. */
export interface Progress {
  readonly server: ServerName;
  /** Stable word: `search`, `skip`, `found`, `download`, `unpack`, `install`, `create`, `start`, `ready`, `relocate`. */
  readonly step: string;
  readonly message: string;
}
export type OnProgress = (progress: Progress) => void;

/** Where a server was found. `given` is a URL or a binary that an environment variable names. */
export type InstallationSource = 'given' | 'path' | 'npm' | 'apt-unpacked' | 'apt-installed' | 'homebrew';

/** A server's program on this machine, proven to run. */
export interface Installation {
  readonly server: ServerName;
  readonly source: InstallationSource;
  /** Absolute path. For Postgres, `initdb` lies beside it. */
  readonly binary: string;
  /** `15.18`, `2.9.10`. */
  readonly version: string;
  /** What its processes need in their environment (`LD_LIBRARY_PATH` of an unpacked package). */
  readonly env: Readonly<Record<string, string>>;
}

/** A server that is ready to use: one that somebody else runs, or a program to start. */
export type FoundServer =
  | { readonly kind: 'given'; readonly server: ServerName; readonly url: string }
  | { readonly kind: 'installation'; readonly server: ServerName; readonly installation: Installation };
