import { native, no } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request } from '../rule.ts';

export const timeouts: Policy = {
  capabilities: [
    native('api policy.timeouts.connectMs', '`timeout connect`'),
    native('api policy.timeouts.requestMs', '`timeout server`: also the longest silence within an answer'),
    no('api policy.timeouts.idleMs', '`timeouts.requestMs` is also the longest silence'),
  ],
  check(api, on) {
    on.time(api.policy.timeouts.connectMs, 'policy.timeouts.connectMs');
    on.time(api.policy.timeouts.requestMs, 'policy.timeouts.requestMs');
  },
  contribute(scope) {
    const own = scope.api.policy.timeouts;
    return {
      settings: [`timeout connect ${own.connectMs}`, `timeout server ${own.requestMs}`],
      rules: scope
        .each(({ policy }) => policy.timeouts.requestMs)
        .filter(({ value }) => value !== own.requestMs)
        .map(({ value, when }) => request('forward', `set-timeout server ${value}`, ...when)),
    };
  },
};
