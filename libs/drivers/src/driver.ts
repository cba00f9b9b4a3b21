import type { Block, Unit } from '@gitway/contracts';

/**
 * Drivers turn a snapshot's units into one gateway's own configuration. They are pure: the same units and context give
 * the same bytes, and nothing is read, written or timed here. What runs the result is the agent beside the gateway.
 */

/** One unit of a snapshot and the digest it is stored under, which keys the fragment cache. */
export interface SnapshotUnit {
  readonly digest: string;
  readonly unit: Unit;
}

/** How a gateway honours one field of the intermediate form. */
export interface Capability {
  /** Path of the field in its unit, or `field=value` for one value of it; as in `api policy.rateLimits.windowMs`. */
  readonly field: string;
  /** `native`: by the gateway itself; `helper`: by something that runs beside it; `no`: refused by `check`. */
  readonly support: 'native' | 'helper' | 'no';
  /** By which means, or why not. */
  readonly how: string;
}

/** Why a unit cannot be expressed. `unit` is named as a person would (`api petstore`); null: the whole. */
export interface DriverProblem {
  readonly unit: string | null;
  readonly field: string | null;
  /** What is wrong and what to do about it. */
  readonly message: string;
}

/** What units refer to and whoever runs the driver has to fetch before it can be rendered. */
export interface Needs {
  /** Names of secrets. */
  readonly secrets: readonly string[];
  /** Addresses of JSON Web Key Sets (RFC 7517). */
  readonly keySets: readonly string[];
}

/** A key that tokens are verified with. */
export interface VerificationKey {
  readonly id: string | null;
  /** The algorithm that it is for, where its set says so. */
  readonly algorithm: string | null;
  /** Public key as PEM (SPKI), or the shared secret of an HMAC. */
  readonly key: { readonly pem: string } | { readonly secret: Uint8Array };
}

export interface Provided {
  /** Different whenever anything in it is: part of what a fragment is made from. */
  readonly version: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly keySets: ReadonlyMap<string, readonly VerificationKey[]>;
}

export const nothingProvided: Provided = { version: '-', secrets: new Map(), keySets: new Map() };

/** Gateways that count limits together. They tell each other over plain TCP: for networks that nobody else is in. */
export interface Peers {
  /** `host:port` where this one listens for the others. */
  readonly listen: string;
  /** Gateway → the `host:port` where it listens. */
  readonly others: Readonly<Record<string, string>>;
}

export interface RenderContext {
  readonly environment: string;
  readonly gateway: string;
  /** Marks what runs; read back through the data path. Null: no snapshot yet, nothing is routed. */
  readonly snapshot: string | null;
  /** Where to listen, by listener name (`127.0.0.1:8080`); a listener that is not named here listens on its port on every address. */
  readonly listeners: Readonly<Record<string, string>>;
  /** Absolute path of the gateway's working directory; its sockets lie there. */
  readonly dir: string;
  /** Secret that the data path's revision marker asks for, so that clients cannot read it. */
  readonly probeToken: string;
  /** Absent: this gateway counts alone. */
  readonly peers?: Peers;
  /** What `needs` asked for. */
  readonly provided: Provided;
  /** What is blocked at present, whatever the snapshot. */
  readonly blocks?: readonly Block[];
  /** Rendered fragments by what they were made from; give the same one to the next render. */
  readonly cache?: FragmentCache;
}

/** A server as it should be seen at run time. */
export interface ExpectedServer {
  readonly backend: string;
  readonly server: string;
  /** As a person names it: `petstore/stable/0`. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
}

/** A certificate that a listener shows. */
export interface ShownCertificate {
  /** As a person names it: with its listener and the secret that it lies in, or its subject. */
  readonly label: string;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface Rendered {
  /** Relative path → text. The main configuration file names the others by their content, so none is ever changed in place. */
  readonly files: ReadonlyMap<string, string>;
  /** The entry in `files` that the gateway is started with. */
  readonly main: string;
  /** What can be read back at run time. */
  readonly expected: {
    readonly servers: readonly ExpectedServer[];
    /** Map file → its entries. */
    readonly maps: ReadonlyMap<string, () => ReadonlyMap<string, string>>;
    /** Files of which nothing may be shown; keys of maps among them (hashes of credentials) are shortened. */
    readonly secretFiles: ReadonlySet<string>;
    /** Listener name → address it is bound to. */
    readonly listeners: Readonly<Record<string, string>>;
    /** Those of them that speak TLS. */
    readonly secureListeners: ReadonlySet<string>;
    /** What listeners show to whoever calls. */
    readonly certificates: readonly ShownCertificate[];
    readonly frontends: readonly string[];
  };
  /** The unit that a line (counted from 1) of the main file was made from, as a person names it. */
  unitAtLine(line: number): string | null;
}

export interface GatewayDriver {
  readonly name: string;
  readonly capabilities: readonly Capability[];
  needs(units: readonly SnapshotUnit[], gateway: string): Needs;
  /** Everything that keeps these units from being expressed; empty when `render` will succeed. */
  check(units: readonly SnapshotUnit[], gateway: string): DriverProblem[];
  /** @throws InvalidInputError for units that `check` refuses. */
  render(units: readonly SnapshotUnit[], context: RenderContext): Rendered;
}

/** Bounded memory of rendered fragments: an entry that two renders in a row did not use is dropped. */
export class FragmentCache {
  private current = new Map<string, unknown>();
  private previous = new Map<string, unknown>();
  /** Fragments made since the cache was created, for tests and metrics. */
  misses = 0;

  get<T>(key: string, make: () => T): T {
    const found = (this.current.get(key) ?? this.previous.get(key)) as T | undefined;
    const value = found ?? make();
    if (found === undefined) this.misses += 1;
    this.current.set(key, value);
    return value;
  }

  /** Called by a driver when a render has ended. */
  endRender(): void {
    this.previous = this.current;
    this.current = new Map();
  }
}
