import type { ConsumerEntry, ConsumersUnit } from '@gitway/contracts';
import type { DriverProblem } from '../../../driver.ts';
import { Checker } from '../../checker.ts';
import { isPasswordHash, isUserName } from './basic.ts';

export function checkConsumers(unit: ConsumersUnit): DriverProblem[] {
  return unit.consumers.flatMap((consumer) => {
    const on = new Checker(`consumer ${consumer.name}`);
    on.name(consumer.name, 'name');
    consumer.plans.forEach((plan, index) => on.name(plan, `plans[${index}]`));
    const digits = 'must be 64 lower-case hex digits';
    consumer.keyHashes.forEach((hash, index) =>
      on.form('keyHash', hash, `keyHashes[${index}]`, `${digits} (SHA-256 of the key)`),
    );
    consumer.mtls?.forEach(({ by, value }, index) => {
      if (by === 'sha256') on.form('keyHash', value, `mtls[${index}].value`, `${digits} (SHA-256 of the certificate)`);
    });
    for (const [user, hash] of Object.entries(consumer.basic ?? {})) {
      on.require(isUserName(user), 'basic', `the user name "${user}" must be printable ASCII without ":" and blanks`);
      on.require(
        isPasswordHash(hash),
        'basic',
        `the password of "${user}" must be as crypt(3) writes it ($6$…, $2b$…)`,
      );
    }
    return on.problems;
  });
}

interface Credential {
  readonly field: string;
  readonly id: string;
  readonly what: string;
}

/** What must belong to one consumer alone: it would be open who calls. */
function* credentialsOf(consumer: ConsumerEntry): Generator<Credential> {
  for (const hash of consumer.keyHashes) yield { field: 'keyHashes', id: `key ${hash}`, what: 'a key' };
  for (const { issuer, claim, value } of consumer.jwt ?? []) {
    yield {
      field: 'jwt',
      id: `jwt ${JSON.stringify([issuer, claim, value])}`,
      what: `${claim} "${value}" of ${issuer}`,
    };
  }
  for (const { by, value } of consumer.mtls ?? []) {
    yield { field: 'mtls', id: `mtls ${by} ${value}`, what: `the ${by} "${value}"` };
  }
  for (const user of Object.keys(consumer.basic ?? {})) {
    yield { field: 'basic', id: `user ${user}`, what: `the user name "${user}"` };
  }
}

export function sharedCredentials(shards: readonly ConsumersUnit[]): DriverProblem[] {
  const owners = new Map<string, string>();
  return shards.flatMap((shard) =>
    shard.consumers.flatMap((consumer) =>
      [...credentialsOf(consumer)].flatMap(({ field, id, what }) => {
        const other = owners.get(id);
        owners.set(id, consumer.name);
        if (other === undefined) return [];
        const message = `${field}: ${what} is listed twice (consumers ${other} and ${consumer.name}); it belongs to one consumer`;
        return [{ unit: `consumer ${consumer.name}`, field, message }];
      }),
    ),
  );
}
