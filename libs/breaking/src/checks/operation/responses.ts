import { member, objectMember, pointerTo, show } from '../../document/json.ts';
import { isTyped, matchMediaTypes, mediaTypesOf } from '../../document/media-types.ts';
import { schemaOf } from '../../document/operations.ts';
import type { OperationCheck, OperationPair } from '../../compare/operation-check.ts';
import type { Located } from '../../document/resolver.ts';

export const responses: OperationCheck = {
  ids: [
    'response-success-status-removed',
    'response-non-success-status-removed',
    'response-media-type-removed',
    'response-media-type-name-generalized',
    'required-response-header-removed',
    'optional-response-header-removed',
    'response-header-became-optional',
    'response-link-removed',
  ],
  check(pair) {
    const statuses = Object.keys(objectMember(pair.before.operation.value, 'responses') ?? {}).sort();
    for (const status of statuses) {
      if (status.startsWith('x-')) continue;
      const before = pair.base.resolver.child(pair.before.operation, 'responses', status);
      const after = pair.revision.resolver.child(pair.after.operation, 'responses', status);
      if (before === undefined) continue;
      if (after !== undefined) compareResponse(pair, status, before, after);
      else if (objectMember(objectMember(pair.after.operation.value, 'responses'), status) === undefined) {
        reportStatus(pair, status);
      }
    }
  },
};

function reportStatus(pair: OperationPair, status: string): void {
  if (!/^[1-5]\d\d$/.test(status)) return;
  const success = status.startsWith('2');
  pair.report({
    id: success ? 'response-success-status-removed' : 'response-non-success-status-removed',
    document: 'base',
    pointer: pointerTo(pair.before.operation.pointer, 'responses', status),
    message: `The status ${show(status)} is no longer answered${success ? ': callers who wait for it do not see their success' : ''}`,
  });
}

function compareResponse(pair: OperationPair, status: string, before: Located, after: Located): void {
  const { pairs, removed, generalized } = matchMediaTypes(mediaTypesOf(before), mediaTypesOf(after));
  for (const type of removed) {
    pair.report({
      id: 'response-media-type-removed',
      document: 'base',
      pointer: pointerTo(before.pointer, 'content', type),
      message: `The ${show(status)} response is no longer given as ${show(type)}`,
    });
  }
  for (const { base, revision } of generalized) {
    pair.report({
      id: 'response-media-type-name-generalized',
      document: 'revision',
      pointer: pointerTo(after.pointer, 'content', revision),
      message: `The ${show(status)} response is ${show(revision)} where it was ${show(base)}`,
    });
  }
  for (const { base, revision } of pairs) {
    pair.compareSchemas(
      {
        base: pair.base.resolver.child(before, 'content', base, 'schema'),
        revision: pair.revision.resolver.child(after, 'content', revision, 'schema'),
      },
      {
        direction: 'response',
        place: 'body',
        typed: isTyped(base),
        name: `The ${show(status)} response (${revision})`,
        within: `of the ${show(status)} response`,
      },
    );
  }
  compareHeaders(pair, status, before, after);
  const links = objectMember(after.value, 'links');
  for (const name of Object.keys(objectMember(before.value, 'links') ?? {})) {
    if (links !== undefined && Object.hasOwn(links, name)) continue;
    pair.report({
      id: 'response-link-removed',
      document: 'base',
      pointer: pointerTo(before.pointer, 'links', name),
      message: `The ${show(status)} response no longer links to ${show(name)}`,
    });
  }
}

function compareHeaders(pair: OperationPair, status: string, before: Located, after: Located): void {
  const now = new Map(
    Object.keys(objectMember(after.value, 'headers') ?? {}).map((name) => [name.toLowerCase(), name]),
  );
  for (const name of Object.keys(objectMember(before.value, 'headers') ?? {})) {
    const was = pair.base.resolver.child(before, 'headers', name);
    if (was === undefined) continue;
    const kept = now.get(name.toLowerCase());
    const is = kept === undefined ? undefined : pair.revision.resolver.child(after, 'headers', kept);
    const required = member(was.value, 'required') === true;
    if (is === undefined) {
      if (kept !== undefined) continue;
      pair.report({
        id: required ? 'required-response-header-removed' : 'optional-response-header-removed',
        document: 'base',
        pointer: was.pointer,
        message: `The ${show(status)} response no longer has the header ${show(name)}`,
      });
      continue;
    }
    if (required && member(is.value, 'required') !== true) {
      pair.report({
        id: 'response-header-became-optional',
        document: 'revision',
        pointer: is.pointer,
        message: `The header ${show(name)} of the ${show(status)} response was always there and may be left out`,
      });
    }
    pair.compareSchemas(
      { base: schemaOf(was, pair.base.resolver), revision: schemaOf(is, pair.revision.resolver) },
      {
        direction: 'response',
        place: 'header',
        typed: false,
        name: `The header ${show(name)} of the ${show(status)} response`,
      },
    );
  }
}
