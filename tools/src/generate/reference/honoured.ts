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
  /** About one value of the field alone, as in `by=header`. */
  readonly isPart: boolean;
  readonly support: Capability['support'];
}

/** A list of limits and a single one are told together. */
const together = (path: string) => path.replaceAll('rateLimits', 'rateLimit').replaceAll('quotas', 'quota');

/** What is part of something else says nothing by itself. */
const isToldHere = ({ how }: Capability) => !how.startsWith('part of ');

const rows: readonly Row[] = drivers.flatMap((driver) =>
  driver.capabilities.filter(isToldHere).map(({ field, support }) => {
    const [unit = '', told = ''] = field.split(' ', 2);
    const [path = '', value] = told.split('=', 2);
    const written = together(fieldOf(path).join('.'));
    return { driver: driver.name, kind: kindOf[unit], path: written, isPart: value !== undefined, support };
  }),
);
const gravity = { native: 0, helper: 1, no: 2 };

/**
 * What the capability tables of the drivers say of a field, or of the group that it stands in: `haproxy`,
 * `haproxy (helper)`, `haproxy (in part)`, `not haproxy`; empty: nothing.
 */
export function honouredBy(kind: Kind, path: string): string {
  const bare = together(path.replaceAll(/\[\]|\{.*?\}/g, ''));
  // A Policy's fields are those of an Api's `spec.policy`.
  const [of, at] = kind === 'Policy' ? (['Api', bare.replace(/^spec\b/, 'spec.policy')] as const) : [kind, bare];
  return drivers
    .flatMap((driver) => {
      const about = rows.filter((row) => row.driver === driver.name && row.kind === of && covers(row, at));
      const nearest = Math.max(0, ...about.map((row) => row.path.length));
      const told = about.filter((row) => row.path.length === nearest);
      const worst = told.filter(({ isPart }) => !isPart).toSorted((a, b) => gravity[b.support] - gravity[a.support])[0];
      const page = `[${driver.name}](../drivers/${driver.name}.md)`;
      if (told.length === 0) return [];
      // Two things of a gateway are one field here, and it has one of them.
      if (worst?.support === 'no' && told.some(({ isPart, support }) => !isPart && support !== 'no'))
        return [`${page} (in part)`];
      if (worst?.support === 'no') return [`not ${page}`];
      if (told.some(({ isPart, support }) => isPart && support === 'no')) return [`${page} (in part)`];
      return [worst?.support === 'helper' ? `${page} (helper)` : page];
    })
    .join(', ');
}

const covers = ({ path, isPart }: Row, at: string) => path === at || (!isPart && at.startsWith(`${path}.`));
