import { pointerTo, show } from '../../document/json.ts';
import { pathItems } from '../../document/operations.ts';
import type { DocumentCheck } from '../../compare/operation-check.ts';

export const webhooks: DocumentCheck = {
  ids: ['webhook-removed'],
  check({ base, revision }, report) {
    const now = pathItems(revision.document, revision.resolver, 'webhooks');
    for (const name of pathItems(base.document, base.resolver, 'webhooks').keys()) {
      if (now.has(name)) continue;
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
