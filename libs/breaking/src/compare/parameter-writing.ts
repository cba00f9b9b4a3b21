import { member, textMember } from '../document/json.ts';
import { schemaOf, type Parameter } from '../document/operations.ts';
import { typesOf } from '../checks/schema/types-of.ts';
import type { Located } from '../document/resolver.ts';
import type { Comparison, Side } from './operation-check.ts';

/** How a parameter is written, before and now, where that is another way. */
export function changedWriting(
  { base, revision }: Comparison,
  before: Parameter,
  after: Parameter,
): { readonly was: string; readonly is: string } | undefined {
  // Another type is told as such: here only values of a kind are compared.
  const plain =
    isPlain(schemaOf(before.at, base.resolver), base) || isPlain(schemaOf(after.at, revision.resolver), revision);
  const was = writingOf(before, plain);
  const is = writingOf(after, plain);
  return was === is ? undefined : { was, is };
}

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

export function isPlain(schema: Located | undefined, { resolver }: Side): boolean {
  const types = schema === undefined ? [] : typesOf(resolver.effective(schema).value);
  return types.length > 0 && !types.includes('array') && !types.includes('object');
}
