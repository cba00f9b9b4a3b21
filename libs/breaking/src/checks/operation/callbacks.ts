import { objectMember, show } from '../../document/json.ts';
import { operationsOf } from '../../document/operations.ts';
import type { OperationCheck } from '../../compare/operation-check.ts';
import { compareOutgoingCall } from '../../compare/outgoing-call.ts';

/** What the API calls back with, and whether it still does. */
export const callbacks: OperationCheck = {
  ids: ['callback-removed'],
  check(pair) {
    const { base, revision } = pair;
    for (const name of Object.keys(objectMember(pair.before.operation.value, 'callbacks') ?? {})) {
      const was = base.resolver.child(pair.before.operation, 'callbacks', name);
      if (was === undefined) continue;
      const is = revision.resolver.child(pair.after.operation, 'callbacks', name);
      for (const expression of Object.keys(was.value)) {
        const item = base.resolver.child(was, expression);
        if (expression.startsWith('x-') || item === undefined) continue;
        const now = is === undefined ? undefined : revision.resolver.child(is, expression);
        for (const call of operationsOf({ path: expression, item })) {
          const kept = now === undefined ? undefined : revision.resolver.child(now, call.method);
          const sentence = `the callback ${show(name)} (${call.method.toUpperCase()} ${expression})`;
          if (kept === undefined) {
            pair.report({
              id: 'callback-removed',
              document: 'base',
              pointer: call.operation.pointer,
              message: `T${sentence.slice(1)} is no longer made`,
            });
            continue;
          }
          compareOutgoingCall(pair, {
            base: call,
            revision: { ...call, item: now!, operation: kept },
            name: sentence,
            report: (fact) => pair.report(fact),
            compareSchemas: (schemas, root) => pair.compareSchemas(schemas, root),
          });
        }
      }
    }
  },
};
