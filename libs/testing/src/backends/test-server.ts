/** A server made for one suite. The address stays the same over `restart`. */
export interface TestServer {
  readonly url: string;
  /** Ends it at once, as a crash does; it stays away until `restart`. */
  kill(): Promise<void>;
  /** Stops it in order (unless it is gone already) and starts it again with the data it had. */
  restart(): Promise<void>;
  /** Stops it for good and removes its data. */
  remove(): Promise<void>;
}

/** Where test servers come from: containers, or private processes of this machine. */
export interface Backend {
  readonly name: 'local' | 'docker';
  /** A Postgres with a superuser; the URL is that of its database `postgres`. */
  postgres(): Promise<TestServer>;
  /** A nats-server with JetStream; `configText` is added to its configuration. */
  nats(configText: string): Promise<TestServer>;
  redis(): Promise<TestServer>;
}
