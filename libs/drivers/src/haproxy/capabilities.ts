import type { Capability } from '../driver.ts';

const native = (field: string, how: string): Capability => ({ field, support: 'native', how });
const helper = (field: string, how: string): Capability => ({ field, support: 'helper', how });
const elsewhere = (field: string, how: string): Capability => ({
  field,
  support: 'native',
  how: `${how}; nothing to do at the gateway`,
});

/** A row for every field of the units that an API, a plan or a consumer is made of; a spec compares it with the schemas. */
export const capabilities: readonly Capability[] = [
  elsewhere('api labels', 'chosen by during compilation'),
  elsewhere('api owner', 'shown to people'),
  native('api lifecycle', '`retired` is answered with 410; the others are served'),
  elsewhere('api visibility', 'shown to people'),
  native('api route.hosts', 'a map keyed by host and path; any host by the key `*`, tried last'),
  native(
    'api route.basePath',
    'longest match (`map_beg`) on segment borders; 400 where the normalised path leads to another API',
  ),
  native('api route.keepBasePath', '`set-path` by length'),
  elsewhere('api openapi', 'read during compilation'),
  helper(
    'api operations',
    'the agent names the operation of each logged call; all paths under the base path are served',
  ),
  native('api pools.weight', 'a slot for each share, taken at random for each call'),
  native('api pools.targets.scheme', '`https` verifies certificate and name against the system’s authorities'),
  native('api pools.targets.host', 'resolved when the configuration is loaded'),
  native('api pools.targets.port', '`server`'),
  native('api pools.targets.weight', '`server … weight`, 1–256'),
  native('api pools.healthCheck.path', '`option httpchk`, 200–399 is healthy'),
  native('api pools.healthCheck.intervalMs', '`inter`'),
  native('api pools.healthCheck.unhealthyAfter', '`fall`'),
  native('api pools.healthCheck.healthyAfter', '`rise`'),
  native('api plans', 'compared with the plans of the key’s consumer; else 403'),
  native('api policy.auth.kind', '`none` or `apiKey`: SHA-256 of the key looked up in a map; 401 and 403'),
  native('api policy.auth.header', '`req.fhdr`, removed before the upstream'),
  native('api policy.auth.bearer', '`http_auth_bearer`, removed before the upstream'),
  native('api policy.auth.query', '`url_param` at `&` and `;`, every copy removed before the upstream'),
  native('api policy.rateLimit.requests', 'stick table; 429 with Retry-After'),
  native('api policy.rateLimit.windowMs', 'fixed window, its number is part of the key; counts cross a reload'),
  native('api policy.rateLimit.by', '`consumer`, `ip` or `api`, each counted for this API alone'),
  native('api policy.timeouts.connectMs', '`timeout connect`'),
  native('api policy.timeouts.requestMs', '`timeout server`: also the longest silence within an answer'),
  native('plan rateLimit.requests', 'in place of the API’s own for subscribers; the most generous of several'),
  native('plan rateLimit.windowMs', 'as above'),
  native('plan rateLimit.by', 'as above'),
  native('consumer owner', 'shown to people; nothing to do at the gateway'),
  native('consumer keyHashes', 'keys of a map'),
  native('consumer plans', 'value of that map'),
  native('consumer suspended', 'value of that map; 403'),
  native('gateway listeners', '`bind`, HTTP/1.1 and HTTP/2 without TLS'),
];
