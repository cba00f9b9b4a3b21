import type { Owner } from './event.ts';

/**
 * Who hears what. NATS permissions, the generated documentation and the lint that compares it with the handlers in
 * the code are all made from this table, so a service can read no more than it says here.
 */
export interface ServiceContract {
  /** Facts consumed, by name; `*` for every fact. */
  readonly consumes: readonly string[] | '*';
  /** Further things in NATS that it uses. */
  readonly uses: readonly (
    | 'artifacts:read'
    | 'artifacts:write'
    | 'desired:read'
    | 'desired:write'
    | 'reported:read'
    | 'reported:write'
    | 'traffic:read'
    | 'traffic:write'
    | 'dead-letters:read'
  )[];
}

export const services: Record<Owner, ServiceContract> = {
  'git-watcher': { consumes: ['rolled-back', 'replay-requested'], uses: ['artifacts:write', 'artifacts:read'] },
  validator: {
    consumes: ['commit-detected', 'deployed', 'rolled-back', 'usage-summarised', 'replay-requested'],
    uses: ['artifacts:read', 'artifacts:write'],
  },
  deployer: {
    consumes: [
      'commit-validated',
      'traffic-judged',
      'drift-observed',
      'deploy-requested',
      'rollback-requested',
      'approval-granted',
      'replay-requested',
    ],
    uses: ['artifacts:read', 'desired:read', 'desired:write', 'reported:read'],
  },
  analytics: { consumes: ['deployed', 'rolled-back', 'replay-requested'], uses: ['traffic:read'] },
  notifier: { consumes: '*', uses: ['dead-letters:read'] },
  'gateway-agent': {
    consumes: [],
    uses: ['artifacts:read', 'desired:read', 'reported:read', 'reported:write', 'traffic:write'],
  },
  console: { consumes: '*', uses: ['dead-letters:read', 'desired:read', 'reported:read'] },
};
