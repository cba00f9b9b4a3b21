import { isTyped, matchMediaTypes, mediaTypesOf } from '../document/media-types.ts';
import { objectMember, pointerTo, show } from '../document/json.ts';
import type { Located } from '../document/resolver.ts';
import type { Operation } from '../document/operations.ts';
import { compareFormEncoding } from './form-encoding.ts';
import type { Comparison, CompareSchemas, Fact } from './operation-check.ts';
import { compareOutgoingParameters } from './outgoing-parameters.ts';

/** A call that the API makes: a webhook, or a callback. */
export interface OutgoingCall {
  readonly base: Operation;
  readonly revision: Operation;
  /** As it is called in a sentence. */
  readonly name: string;
  report(fact: Omit<Fact, 'operation' | 'webhook'>): void;
  readonly compareSchemas: CompareSchemas;
}

/**
 * Compares both versions of a call that the API makes. Here the API is the one who sends: its request is what people
 * read, and is judged as responses are; what they answer is judged as requests are.
 */
export function compareOutgoingCall(comparison: Comparison, call: OutgoingCall): void {
  const { base, revision } = comparison;
  compareOutgoingParameters(comparison, call);
  const before = base.resolver.child(call.base.operation, 'requestBody');
  const after = revision.resolver.child(call.revision.operation, 'requestBody');
  const bodies = (
    was: Located | undefined,
    is: Located | undefined,
    direction: 'request' | 'response',
    name: string,
  ) => {
    if (was === undefined || is === undefined) return;
    const { pairs, removed } = matchMediaTypes(mediaTypesOf(was), mediaTypesOf(is));
    for (const type of removed) {
      call.report({
        id: direction === 'response' ? 'response-media-type-removed' : 'request-body-media-type-removed',
        document: 'base',
        pointer: base.resolver.pointerOf(was, 'content', type),
        message: `${name} is no longer ${direction === 'response' ? 'sent' : 'taken'} as ${show(type)}`,
      });
    }
    for (const pair of pairs) {
      const [old, now] = [
        base.resolver.child(was, 'content', pair.base),
        revision.resolver.child(is, 'content', pair.revision),
      ];
      if (old !== undefined && now !== undefined) {
        const sentence = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
        const form = { before: old, after: now, type: pair.revision, direction, name: sentence };
        compareFormEncoding(comparison, form, (fact) => call.report(fact));
      }
      call.compareSchemas(
        {
          base: base.resolver.child(was, 'content', pair.base, 'schema'),
          revision: revision.resolver.child(is, 'content', pair.revision, 'schema'),
        },
        {
          direction,
          place: 'body',
          typed: isTyped(pair.base),
          name: `${name} (${pair.revision})`,
          within: `of ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
        },
      );
    }
  };
  bodies(before, after, 'response', `What ${call.name} sends`);
  for (const status of Object.keys(objectMember(call.base.operation.value, 'responses') ?? {}).sort()) {
    if (status.startsWith('x-')) continue;
    reportRefusedAnswer(call, status);
    bodies(
      base.resolver.child(call.base.operation, 'responses', status),
      revision.resolver.child(call.revision.operation, 'responses', status),
      'request',
      `What is answered with ${show(status)} to ${call.name}`,
    );
  }
}

/** An answer that was a success, and that the API no longer says it takes: by its own number, its range or at all. */
function reportRefusedAnswer({ base, revision, name, report }: OutgoingCall, status: string): void {
  if (!/^2(\d\d|XX)$/.test(status)) return;
  const taken = Object.keys(objectMember(revision.operation.value, 'responses') ?? {});
  if (taken.length === 0 || [status, '2XX', 'default'].some((one) => taken.includes(one))) return;
  report({
    id: 'outgoing-answer-removed',
    document: 'base',
    pointer: pointerTo(base.operation.pointer, 'responses', status),
    message: `An answer of ${show(status)} to ${name} no longer counts as a success`,
    hint: 'take it for a while, beside the new one',
  });
}
