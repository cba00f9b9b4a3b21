import { elsewhere, native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request } from '../rule.ts';

/** What is no longer served, and what only people are told of. */
export const lifecycle: Policy = {
  capabilities: [
    elsewhere('api labels', 'chosen by while compiling'),
    elsewhere('api owner', 'shown to people'),
    elsewhere('api visibility', 'shown to people'),
    elsewhere('api openapi', 'read during compilation'),
    elsewhere('api slo', 'kept with the API'),
    native('api lifecycle', '`retired` is answered with 410; the others are served'),
  ],
  contribute: ({ api }) => ({
    rules: api.lifecycle === 'retired' ? [request('closed', 'deny deny_status 410')] : [],
  }),
};
