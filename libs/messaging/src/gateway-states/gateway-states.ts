import type { Desired, Reported } from '@gitway/contracts';

/** Ends a watch. */
export type StopWatching = () => Promise<void>;

/**
 * What every gateway should run and what it runs: level-triggered state, not messages. A watcher is given the newest
 * value whenever there is a newer one, and may be given the same one again (after a reconnect, for example); it may
 * miss values in between.
 */
export abstract class GatewayStates {
  abstract getDesired(environment: string, gateway: string): Promise<{ value: Desired; revision: number } | null>;

  /**
   * @param expectedRevision the revision that was read, or null where there was none
   * @returns the new revision
   * @throws ConflictError `desired-changed` when somebody else wrote in between
   */
  abstract putDesired(desired: Desired, expectedRevision: number | null): Promise<number>;

  abstract getReported(environment: string, gateway: string): Promise<Reported | null>;
  abstract putReported(reported: Reported): Promise<void>;
  abstract listDesired(): Promise<Desired[]>;
  abstract listReported(): Promise<Reported[]>;

  /** Calls back with the present value, if there is one, and with each newer one. */
  abstract watchDesired(
    environment: string,
    gateway: string,
    onChange: (desired: Desired) => void,
  ): Promise<StopWatching>;
  abstract watchReported(onChange: (reported: Reported) => void): Promise<StopWatching>;
}
