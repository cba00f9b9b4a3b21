import type { ApiUsage } from '@gitway/compiler';
import { usageViewSchema } from '@gitway/contracts';
import type { ConsoleClient } from '../client/console-client.ts';

/** Who calls an API there, as the platform knows it. */
export async function fetchUsage(
  client: ConsoleClient,
  environment: string,
  api: string,
  since: Date,
): Promise<ApiUsage> {
  const query = { environment, api, since: since.toISOString() };
  const { knownSince, items } = await client.get('/api/usage', usageViewSchema, query);
  if (knownSince === null) return { unknown: `no usage of ${environment} has been heard of yet` };
  const entries = items.map((item) => ({ ...item, lastAt: new Date(item.lastAt) }));
  return { knownSince: new Date(knownSince), entries };
}
