import { pointerTo, show } from '../../document/json.ts';
import type { DocumentCheck } from '../../compare/operation-check.ts';

export const webhooks: DocumentCheck = {
  ids: ['webhook-removed'],
  check({ base, revision }, report) {
    for (const name of base.webhooks.keys()) {
      if (revision.webhooks.has(name)) continue;
      report({
        id: 'webhook-removed',
        operation: null,
        document: 'base',
        pointer: pointerTo('', 'webhooks', name),
        message: `The webhook ${show(name)} is no longer sent`,
      });
    }
  },
};
