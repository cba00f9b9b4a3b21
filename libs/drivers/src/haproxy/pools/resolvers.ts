import { isIP } from 'node:net';
import type { Pool, Target } from '@gitway/contracts';
import { MAX_TIME_MS } from '../names.ts';
import type { SharedLines } from '../policy.ts';

export const isNamed = ({ host }: Pick<Target, 'host'>) => isIP(host.replace(/^\[|\]$/g, '')) === 0;

/** The name servers of the machine, asked so often; null when the pool does not ask for it, or has no names. */
export function resolversOf(pool: Pool): { readonly name: string; readonly shared: SharedLines } | null {
  const { resolveEveryMs: every, targets } = pool;
  if (every === undefined || !targets.some(isNamed)) return null;
  const name = `dns-${every}`;
  return {
    name,
    shared: {
      section: 'sections',
      key: name,
      lines: [
        [
          `resolvers ${name}`,
          '    parse-resolv-conf',
          '    accepted_payload_size 8192',
          '    resolve_retries 3',
          `    timeout resolve ${every}`,
          `    timeout retry ${Math.min(every, 1000)}`,
          `    hold valid ${every}`,
          // The last address that was known is used for as long as the name servers know of no other.
          ...['nx', 'other', 'refused', 'timeout'].map((state) => `    hold ${state} ${MAX_TIME_MS}`),
        ].join('\n'),
      ],
    },
  };
}
