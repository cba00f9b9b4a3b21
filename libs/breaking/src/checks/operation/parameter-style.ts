import { member, show, textMember } from '../../document/json.ts';
import { nameOf, parametersOf, schemaOf, type Parameter } from '../../document/operations.ts';
import type { OperationCheck, Side } from '../../compare/operation-check.ts';
import { typesOf } from '../schema/types-of.ts';

/** How a parameter is written: `?ids=1&ids=2` is another request than `?ids=1,2`. */
export const parameterStyle: OperationCheck = {
  ids: ['request-parameter-style-changed'],
  check(pair) {
    const before = parametersOf(pair.before, pair.base.resolver);
    for (const [key, parameter] of parametersOf(pair.after, pair.revision.resolver)) {
      const old = before.get(key);
      if (old === undefined) continue;
      // Another type is told as such: here only values of a kind are compared.
      const plain = isPlain(old, pair.base) || isPlain(parameter, pair.revision);
      const was = writingOf(old, plain);
      const is = writingOf(parameter, plain);
      if (was === is) continue;
      pair.report({
        id: 'request-parameter-style-changed',
        document: 'revision',
        pointer: parameter.at.pointer,
        message: `The ${nameOf(parameter)} is written as ${show(is)} where it was written as ${show(was)}`,
        hint: 'take both for a while, or add a parameter under a new name',
      });
    }
  },
};

/** How a value is written; where it is no list and no object, only some styles make a difference. */
function writingOf(parameter: Parameter, plain: boolean): string {
  const { value } = parameter.at;
  if (member(value, 'content') !== undefined) return 'content';
  const usual = parameter.in === 'query' || parameter.in === 'cookie' ? 'form' : 'simple';
  const style = textMember(value, 'style') ?? usual;
  if (plain) return style === 'matrix' || style === 'label' ? style : 'plain text';
  const explode = member(value, 'explode');
  return (typeof explode === 'boolean' ? explode : style === 'form') ? `${style}, exploded` : style;
}

function isPlain(parameter: Parameter, { resolver }: Side): boolean {
  const schema = schemaOf(parameter.at, resolver);
  const types = schema === undefined ? [] : typesOf(resolver.effective(schema).value);
  return types.length > 0 && !types.includes('array') && !types.includes('object');
}
