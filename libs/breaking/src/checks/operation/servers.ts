import { isObject, listMember, member, pointerTo, show, textMember, type Json } from '../../document/json.ts';
import type { DocumentCheck, OperationCheck, OperationPair } from '../../compare/operation-check.ts';

/** Addresses that the document gives for all operations. */
export const servers: DocumentCheck = {
  ids: ['api-server-removed'],
  check({ base, revision }, report) {
    const left = new Set(urlsOf(revision.document));
    if (left.size === 0) return;
    for (const [index, url] of urlsOf(base.document).entries()) {
      if (left.has(url)) continue;
      report({
        id: 'api-server-removed',
        operation: null,
        document: 'base',
        pointer: pointerTo('', 'servers', index),
        message: `The server ${show(url)} is no longer listed`,
        hint: 'go on serving the old address, or redirect from it',
      });
    }
  },
};

/** Addresses that a path or an operation gives for itself. */
export const operationServers: OperationCheck = {
  ids: ['operation-server-removed'],
  check(pair) {
    const before = ownServers(pair, 'before');
    const after = ownServers(pair, 'after');
    if (before === undefined && after === undefined) return;
    const was = urlsOf(before ?? pair.base.document);
    const left = new Set(urlsOf(after ?? pair.revision.document));
    if (left.size === 0) return;
    for (const url of was) {
      if (left.has(url)) continue;
      pair.report({
        id: 'operation-server-removed',
        document: 'revision',
        pointer: pair.after.operation.pointer,
        message: `The server ${show(url)} is no longer listed`,
        about: show(url),
        hint: 'go on serving the old address, or redirect from it',
      });
    }
  },
};

function ownServers(pair: OperationPair, side: 'before' | 'after'): Json | undefined {
  const { operation, item } = pair[side];
  return [operation.value, item.value].find((value) => member(value, 'servers') !== undefined);
}

const urlsOf = (holder: Json) =>
  listMember(holder, 'servers').map((server) =>
    (textMember(isObject(server) ? server : undefined, 'url') ?? '').replace(/\/$/, ''),
  );
