import { member, show } from '../document/json.ts';
import { nameOf, parametersOf, schemaOf, type Parameter } from '../document/operations.ts';
import type { Comparison } from './operation-check.ts';
import type { OutgoingCall } from './outgoing-call.ts';
import { changedWriting } from './parameter-writing.ts';

export const outgoingParameterIds = [
  'required-outgoing-parameter-removed',
  'optional-outgoing-parameter-removed',
  'outgoing-parameter-became-optional',
  'outgoing-parameter-style-changed',
] as const;

const isRequired = (parameter: Parameter) => parameter.in === 'path' || member(parameter.at.value, 'required') === true;

/**
 * What a webhook or a callback carries beside its body, each parameter judged as a property of what is sent. Those who
 * are called read it; one more is none of their trouble.
 */
export function compareOutgoingParameters(comparison: Comparison, call: OutgoingCall): void {
  const { base, revision } = comparison;
  const after = parametersOf(call.revision, revision.resolver);
  for (const [key, parameter] of parametersOf(call.base, base.resolver)) {
    const name = `The ${nameOf(parameter)} of ${call.name}`;
    const now = after.get(key);
    if (now === undefined) {
      call.report({
        id: isRequired(parameter) ? 'required-outgoing-parameter-removed' : 'optional-outgoing-parameter-removed',
        document: 'base',
        pointer: parameter.at.pointer,
        about: key,
        message: `${name} is no longer sent`,
      });
      continue;
    }
    const at = { document: 'revision', pointer: now.at.pointer, about: key } as const;
    if (isRequired(parameter) && !isRequired(now))
      call.report({ ...at, id: 'outgoing-parameter-became-optional', message: `${name} may be missing now` });
    const writing = changedWriting(comparison, parameter, now);
    if (writing !== undefined) {
      const message = `${name} is written as ${show(writing.is)} where it was written as ${show(writing.was)}`;
      call.report({ ...at, id: 'outgoing-parameter-style-changed', message });
    }
    call.compareSchemas(
      { base: schemaOf(parameter.at, base.resolver), revision: schemaOf(now.at, revision.resolver) },
      { direction: 'response', place: 'property', typed: false, name, within: `of the ${name.slice(4)}` },
    );
  }
}
