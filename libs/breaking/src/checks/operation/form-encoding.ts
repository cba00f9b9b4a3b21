import { compareFormEncoding } from '../../compare/form-encoding.ts';
import type { OperationCheck } from '../../compare/operation-check.ts';
import { objectMember } from '../../document/json.ts';
import { matchMediaTypes, mediaTypesOf } from '../../document/media-types.ts';

/** How the parts of a form are written: a part that was text and is JSON is another part. */
export const formEncoding: OperationCheck = {
  ids: ['request-body-encoding-changed', 'response-body-encoding-changed'],
  check(pair) {
    const { base, revision } = pair;
    const bodies = (names: readonly string[], direction: 'request' | 'response', name: string) => {
      const was = base.resolver.child(pair.before.operation, ...names);
      const is = revision.resolver.child(pair.after.operation, ...names);
      if (was === undefined || is === undefined) return;
      for (const types of matchMediaTypes(mediaTypesOf(was), mediaTypesOf(is)).pairs) {
        const before = base.resolver.child(was, 'content', types.base);
        const after = revision.resolver.child(is, 'content', types.revision);
        if (before === undefined || after === undefined) continue;
        compareFormEncoding(pair, { before, after, type: types.revision, direction, name }, (fact) =>
          pair.report(fact),
        );
      }
    };
    bodies(['requestBody'], 'request', 'the request body');
    for (const status of Object.keys(objectMember(pair.before.operation.value, 'responses') ?? {}).sort()) {
      if (!status.startsWith('x-')) bodies(['responses', status], 'response', `the response \`${status}\``);
    }
  },
};
