import { show } from '../../document/json.ts';
import { operationsOf } from '../../document/operations.ts';
import type { DocumentCheck } from '../../compare/operation-check.ts';
import { compareOutgoingCall } from '../../compare/outgoing-call.ts';
import { outgoingParameterIds } from '../../compare/outgoing-parameters.ts';

/** What the API sends of its own accord, and whether it still does. */
export const webhooks: DocumentCheck = {
  ids: ['webhook-removed', 'outgoing-answer-removed', ...outgoingParameterIds],
  check(comparison, report, compareSchemas) {
    const { base, revision } = comparison;
    for (const [webhook, item] of base.webhooks) {
      const now = revision.webhooks.get(webhook);
      if (now === undefined) {
        report({
          id: 'webhook-removed',
          operation: null,
          webhook,
          document: 'base',
          pointer: base.resolver.pointerOf({ value: base.document, pointer: '' }, 'webhooks', webhook),
          message: `The webhook ${show(webhook)} is no longer sent`,
        });
        continue;
      }
      for (const call of operationsOf(item)) {
        const kept = revision.resolver.child(now.item, call.method);
        const name = `the webhook ${show(webhook)}`;
        if (kept === undefined) {
          report({
            id: 'webhook-removed',
            operation: null,
            webhook,
            document: 'base',
            pointer: call.operation.pointer,
            message: `The webhook ${show(webhook)} is no longer sent by ${call.method.toUpperCase()}`,
          });
          continue;
        }
        compareOutgoingCall(comparison, {
          base: call,
          revision: { ...call, item: now.item, operation: kept },
          name,
          report: (fact) => report({ ...fact, operation: null, webhook }),
          compareSchemas: (schemas, root) => compareSchemas(schemas, root, webhook),
        });
      }
    }
  },
};
