import { member, show } from '../../document/json.ts';
import { matchMediaTypes, mediaTypesOf, isTyped } from '../../document/media-types.ts';
import type { OperationCheck } from '../../compare/operation-check.ts';

export const requestBody: OperationCheck = {
  ids: [
    'request-body-added-required',
    'request-body-became-required',
    'request-body-removed',
    'request-body-media-type-removed',
  ],
  check(pair) {
    const before = pair.base.resolver.child(pair.before.operation, 'requestBody');
    const after = pair.revision.resolver.child(pair.after.operation, 'requestBody');
    const required = after !== undefined && member(after.value, 'required') === true;
    if (before === undefined || after === undefined) {
      if (required && after !== undefined) {
        pair.report({
          id: 'request-body-added-required',
          document: 'revision',
          pointer: after.pointer,
          message: 'A request body must be given now: requests without one are refused',
          hint: 'make it optional',
        });
      } else if (before !== undefined) {
        pair.report({
          id: 'request-body-removed',
          document: 'base',
          pointer: before.pointer,
          message: 'The request body is no longer taken',
        });
      }
      return;
    }
    if (required && member(before.value, 'required') !== true) {
      pair.report({
        id: 'request-body-became-required',
        document: 'revision',
        pointer: after.pointer,
        message: 'The request body must be given now: requests without one are refused',
        hint: 'leave it optional',
      });
    }
    const { pairs, removed } = matchMediaTypes(mediaTypesOf(before), mediaTypesOf(after));
    for (const type of removed) {
      pair.report({
        id: 'request-body-media-type-removed',
        document: 'base',
        pointer: pair.base.resolver.child(before, 'content', type)?.pointer ?? before.pointer,
        message: `A request body of type ${show(type)} is no longer taken`,
      });
    }
    for (const { base, revision } of pairs) {
      pair.compareSchemas(
        {
          base: pair.base.resolver.child(before, 'content', base, 'schema'),
          revision: pair.revision.resolver.child(after, 'content', revision, 'schema'),
        },
        { direction: 'request', place: 'body', typed: isTyped(revision), name: `The request body (${revision})` },
      );
    }
  },
};
