import type { ApiUnit } from '@gitway/contracts';

type Route = Pick<ApiUnit['route'], 'basePath' | 'hosts'>;

/** An API under another name at the same address is the same API to its callers. */
export const takesOver = (now: Route, before: Route) =>
  now.basePath === before.basePath &&
  (now.hosts.length === 0 || (before.hosts.length > 0 && before.hosts.every((host) => now.hosts.includes(host))));
