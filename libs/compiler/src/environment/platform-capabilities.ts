import type { PlatformCapability } from './honour-platform.ts';

const refuse = (field: string, instead: string): PlatformCapability => ({
  kind: 'environment',
  field,
  severity: 'error',
  instead,
});

/** What the language says and no service acts on yet. A row is taken out with the change that honours it. */
export const platformCapabilities: readonly PlatformCapability[] = [
  refuse('promotion.minRequests', 'Use `soak` and `approvals`.'),
  refuse('promotion.checks', 'Use `soak` and `approvals`; an open incident holds nothing by itself.'),
  refuse('promotion.approvers', 'Use `approvals`; everybody with the right may agree.'),
  refuse('promotion.mode=manual', 'Use `approvals: 1`: somebody must agree to each promotion.'),
  refuse('rollout', 'Leave it out: a change goes to all gateways at once, and is rolled back when traffic suffers.'),
  refuse('freeze', 'Leave it out, and hold commits back in Git while nothing may be deployed.'),
  refuse('prune', 'Leave it out, and let a review look at what a commit removes.'),
  refuse('apply', 'Leave it out: all gateways must take a change (strict).'),
  refuse('holdBack', 'Leave it out: what is broken holds back its environment.'),
  refuse('rollback', 'Leave it out: bad deployments are rolled back automatically, as often as it takes.'),
  refuse('drift.mode=adopt', 'Use `heal` or `alert`.'),
  refuse('drift.ignore', 'Leave it out.'),
  {
    kind: 'api',
    field: 'slo',
    severity: 'warning',
    instead: 'It is kept with the API; nothing is measured against it yet.',
  },
  {
    kind: 'notification',
    field: '',
    severity: 'warning',
    instead: 'Subscribe over HTTP in the meantime: see the README of the notifier.',
  },
];
