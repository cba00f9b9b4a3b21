import { isTyped, matchMediaTypes, mediaTypesOf } from '../document/media-types.ts';
import { objectMember, show } from '../document/json.ts';
import type { Located } from '../document/resolver.ts';
import type { Comparison, CompareSchemas, Fact } from './operation-check.ts';

/** A call that the API makes: a webhook, or a callback. */
export interface OutgoingCall {
  readonly base: Located;
  readonly revision: Located;
  /** As it is called in a sentence. */
  readonly name: string;
  report(fact: Omit<Fact, 'operation' | 'webhook'>): void;
  readonly compareSchemas: CompareSchemas;
}

/**
 * Compares both versions of a call that the API makes. Here the API is the one who sends: its request is what people
 * read, and is judged as responses are; what they answer is judged as requests are.
 */
export function compareOutgoingCall({ base, revision }: Comparison, call: OutgoingCall): void {
  const before = base.resolver.child(call.base, 'requestBody');
  const after = revision.resolver.child(call.revision, 'requestBody');
  const bodies = (
    was: Located | undefined,
    is: Located | undefined,
    direction: 'request' | 'response',
    name: string,
  ) => {
    if (was === undefined || is === undefined) return;
    const { pairs, removed } = matchMediaTypes(mediaTypesOf(was), mediaTypesOf(is));
    for (const type of direction === 'response' ? removed : []) {
      call.report({
        id: 'response-media-type-removed',
        document: 'base',
        pointer: base.resolver.pointerOf(was, 'content', type),
        message: `${name} is no longer sent as ${show(type)}`,
      });
    }
    for (const pair of pairs) {
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
  for (const status of Object.keys(objectMember(call.base.value, 'responses') ?? {}).sort()) {
    if (status.startsWith('x-')) continue;
    bodies(
      base.resolver.child(call.base, 'responses', status),
      revision.resolver.child(call.revision, 'responses', status),
      'request',
      `What is answered with ${show(status)} to ${call.name}`,
    );
  }
}
