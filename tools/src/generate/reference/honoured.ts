import { fieldOf } from '@gitway/compiler';
import { drivers, type Capability } from '@gitway/drivers';
import type { Kind } from '@gitway/resources';

const kindOf: Readonly<Record<string, Kind>> = {
  api: 'Api',
  plan: 'Plan',
  consumer: 'Consumer',
  gateway: 'Gateway',
  environment: 'Environment',
};

interface Row {
  readonly driver: string;
  readonly kind: Kind | undefined;
  /** As it is written in a file: `spec.policy.rateLimit.per`. */
  readonly path: string;
  readonly support: Capability['support'];
}

const rows: readonly Row[] = drivers.flatMap((driver) =>
  driver.capabilities.map(({ field, support }) => {
    const [unit = '', path = ''] = field.split(' ', 2);
    return { driver: driver.name, kind: kindOf[unit], path: fieldOf(path).join('.'), support };
  }),
);
const gravity = { native: 0, helper: 1, no: 2 };

/** What the capability tables of the drivers say of a field: `haproxy`, `haproxy (helper)`, `not haproxy`; empty: nothing. */
export function honouredBy(kind: Kind, path: string): string {
  const bare = path.replaceAll(/\[\]|\{.*?\}/g, '');
  // A Policy's fields are those of an Api's `spec.policy`.
  const [of, at] = kind === 'Policy' ? (['Api', bare.replace(/^spec\b/, 'spec.policy')] as const) : [kind, bare];
  return drivers
    .flatMap((driver) => {
      const told = rows.filter((row) => row.driver === driver.name && row.kind === of && row.path === at);
      const worst = told.toSorted((a, b) => gravity[b.support] - gravity[a.support])[0];
      if (worst === undefined) return [];
      const page = `[${driver.name}](../drivers/${driver.name}.md)`;
      return [worst.support === 'no' ? `not ${page}` : worst.support === 'helper' ? `${page} (helper)` : page];
    })
    .join(', ');
}
