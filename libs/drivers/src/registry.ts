import { InvalidInputError } from '@gitway/errors';
import type { DriverProblem, GatewayDriver, SnapshotUnit } from './driver.ts';
import { haproxy } from './haproxy/driver.ts';

/** Every driver there is; a new one is a folder and a line here. */
export const drivers: readonly GatewayDriver[] = [haproxy];

/** What each driver says of units that a gateway is to be given, by the driver's name: the compiler's `drivers`. */
export const driverChecks: Readonly<
  Record<string, (units: readonly SnapshotUnit[], gateway: string) => DriverProblem[]>
> = Object.fromEntries(drivers.map((driver) => [driver.name, (units, gateway) => driver.check(units, gateway)]));

/** @throws InvalidInputError naming the drivers that exist. */
export function driverNamed(name: string): GatewayDriver {
  const driver = drivers.find((candidate) => candidate.name === name);
  if (driver !== undefined) return driver;
  const known = drivers.map((candidate) => candidate.name).join(', ');
  throw new InvalidInputError('unknown-driver', `there is no gateway driver "${name}"; use one of: ${known}`);
}
