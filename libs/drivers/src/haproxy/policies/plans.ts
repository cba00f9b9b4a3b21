import { elsewhere, native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request } from '../rule.ts';
import { safe } from '../syntax.ts';

/** Which plans open the API to the consumer who was identified. */
export const plans: Policy = {
  capabilities: [
    native('api plans', 'compared with the plans of the consumer; else 403'),
    native('api planOperations', 'compared by operation; what is not declared only plans open that open all'),
    elsewhere('consumer owner', 'shown to people'),
    native('consumer plans', 'value of the map of credentials'),
    native('consumer suspended', 'value of the map of credentials; 403'),
  ],
  check(api, on) {
    on.require(
      api.policy.auth.kind !== 'none' || api.plans.length === 0,
      'plans',
      'need `auth`: without it nobody is known to subscribe',
    );
  },
  contribute(scope) {
    const asked = scope.each(({ policy, plans: open }) => (policy.auth.kind === 'none' ? null : open));
    return {
      rules: asked.flatMap(({ value, when }) =>
        value === null || scope.api.plans.length === 0
          ? []
          : [
              request(
                'entitle',
                'deny deny_status 403',
                ...when,
                ...(value.length === 0
                  ? []
                  : [`!{ var(txn.plans) -m sub ${value.map((plan) => `,${safe('name', plan)},`).join(' ')} }`]),
              ),
            ],
      ),
    };
  },
};
