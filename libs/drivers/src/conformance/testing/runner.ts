import type { GatewayDriver, SnapshotUnit } from '../../driver.ts';

/** How the suite runs a driver's gateway: what a new driver has to bring, beside itself. */
export interface GatewayRunner {
  readonly driver: GatewayDriver;
  /** Renders the units, starts a real gateway with them, and answers when it serves them. */
  start(units: readonly SnapshotUnit[]): Promise<RunningGateway>;
}

export interface RunningGateway {
  /** Where a listener is reached. */
  address(listener: string): { readonly host: string; readonly port: number };
  /** Puts another snapshot in the place of the one that runs; answers when it is served. */
  apply(units: readonly SnapshotUnit[]): Promise<void>;
  /** The line that the access log has of a request id, once all calls that were answered until now are in it. */
  logged(requestId: string): Promise<string | null>;
  /** Waits until what it has counted would outlive `apply`. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}
