import { digestOf, type Unit } from '@gitway/contracts';
import type { GatewayDriver, SnapshotUnit } from '../driver.ts';
import { unsupportedFields } from '../unsupported.ts';
import { filled, GATEWAY, gatewayOf, type Surroundings, unitsOf } from './build.ts';
import { type ConformanceCase, type Snapshot, upstreamNames } from './case.ts';
import type { CaseUnits } from './neutral.ts';

/** The units of a case or of another snapshot of it, with the gateway that it asks for. */
export function caseUnits(given: Snapshot, driver: string, around: Surroundings): CaseUnits {
  const { units, consumers } = unitsOf(given, around);
  return { units: [filled(gatewayOf(driver, given.gateway), around), ...units], consumers };
}

/** As a snapshot names them; consumers of all cases are in one shard. */
export function storedUnits(all: readonly CaseUnits[]): SnapshotUnit[] {
  const consumers = all.flatMap((own) => own.consumers);
  const shard: Unit[] = consumers.length > 0 ? [{ kind: 'consumers', name: '00', consumers }] : [];
  return [...all.flatMap((own) => own.units), ...shard].map((unit) => ({ digest: digestOf(unit), unit }));
}

/** Fields of a case that the driver's table says it cannot honour; empty for a case that has to pass. */
export function unpromisedFields(given: ConformanceCase, driver: GatewayDriver): string[] {
  const units = storedUnits([caseUnits(given, driver.name, nowhere(given))]);
  const fields = unsupportedFields(units, GATEWAY, driver.capabilities).map(({ field }) => field ?? '');
  return [...new Set(fields)];
}

/** What is filled in where nothing runs. */
const nowhere = ({ id, tokens = {} }: ConformanceCase): Surroundings => ({
  id,
  tokens,
  ports: Object.fromEntries(upstreamNames.map((name) => [name, 1])) as Surroundings['ports'],
  hash: () => '0'.repeat(64),
  pem: (key) => key,
  certificate: (name) => name,
  fingerprint: (name) => name,
  token: () => 'token',
});
