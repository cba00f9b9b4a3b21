import { member, objectMember, show, textMember } from '../document/json.ts';
import { essence } from '../document/media-types.ts';
import { typesOf } from '../checks/schema/types-of.ts';
import type { Located } from '../document/resolver.ts';
import type { Comparison, Fact, Side } from './operation-check.ts';
import { isPlain } from './parameter-writing.ts';

export interface Form {
  /** The media types on both sides, each with `schema` and perhaps `encoding`. */
  readonly before: Located;
  readonly after: Located;
  /** Its name, as in `multipart/form-data`. */
  readonly type: string;
  readonly direction: 'request' | 'response';
  /** As it is called in a sentence: `the request body`. */
  readonly name: string;
}

const isUrlEncoded = (type: string) => essence(type) === 'application/x-www-form-urlencoded';
const isForm = (type: string) => isUrlEncoded(type) || essence(type).startsWith('multipart/');

/** How the parts of a form are written: those that both sides have; what came or went is told of its schema. */
export function compareFormEncoding(
  comparison: Comparison,
  form: Form,
  report: (fact: Omit<Fact, 'operation' | 'webhook'>) => void,
): void {
  if (!isForm(form.type)) return;
  const { base, revision } = comparison;
  const was = partsOf(base, form.before);
  const is = partsOf(revision, form.after);
  const id = form.direction === 'request' ? 'request-body-encoding-changed' : 'response-body-encoding-changed';
  for (const [part, now] of is) {
    const old = was.get(part);
    if (old === undefined) continue;
    const plain = isPlain(old.schema, base) || isPlain(now.schema, revision);
    const [before, after] = [writingOf(old, form.type, plain, base), writingOf(now, form.type, plain, revision)];
    const pointer = now.encoding === undefined ? form.after.pointer : `${form.after.pointer}/encoding`;
    const at = { id, document: 'revision', pointer, about: part } as const;
    if (!fits(before, after, form.direction)) {
      const said = `The part ${show(part)} of ${form.name} (${form.type}) is ${show(after.join(', '))} where it was ${show(before.join(', '))}`;
      report({ ...at, message: said, hint: 'take both for a while, or add a part under a new name' });
    }
    if (form.direction === 'request' && !isUrlEncoded(form.type)) {
      for (const header of newRequiredHeaders(old, now, comparison)) {
        const message = `The part ${show(part)} of ${form.name} (${form.type}) must carry the header ${show(header)} now`;
        report({ ...at, about: `${part} ${header}`, message, hint: 'leave it optional' });
      }
    }
  }
}

interface Part {
  readonly schema: Located | undefined;
  readonly encoding: Located | undefined;
}

function partsOf({ resolver }: Side, media: Located): Map<string, Part> {
  const schema = resolver.schema(media, 'schema');
  const parts = new Map<string, Part>();
  if (schema === undefined) return parts;
  for (const name of Object.keys(objectMember(schema.value, 'properties') ?? {}).sort()) {
    parts.set(name, {
      schema: resolver.schema(schema, 'properties', name),
      encoding: resolver.child(media, 'encoding', name),
    });
  }
  return parts;
}

/** Media types, or one style (RFC 6570): what OpenAPI says where `encoding` says nothing, too. */
function writingOf({ schema, encoding }: Part, type: string, plain: boolean, side: Side): readonly string[] {
  const value = encoding?.value ?? {};
  const styled = ['style', 'explode', 'allowReserved'].some((name) => member(value, name) !== undefined);
  const contentType = textMember(value, 'contentType');
  if (styled || (contentType === undefined && isUrlEncoded(type))) {
    if (plain) return ['plain text'];
    const style = textMember(value, 'style') ?? 'form';
    const explode = member(value, 'explode');
    return [(typeof explode === 'boolean' ? explode : style === 'form') ? `${style}, exploded` : style];
  }
  return (contentType ?? usualType(schema, side))
    .split(',')
    .map((each) => essence(each))
    .map((each) => (plain && isUrlEncoded(type) && each === 'text/plain' ? 'plain text' : each));
}

/** The media type of a part that names none (OpenAPI 3.1.1, "Encoding Object"). */
function usualType(schema: Located | undefined, { resolver }: Side): string {
  if (schema === undefined) return 'application/octet-stream';
  const types = typesOf(schema.value);
  if (types.includes('object')) return 'application/json';
  if (types.includes('array')) {
    const items = resolver.schema(schema, 'items');
    return items === undefined || typesOf(items.value).includes('array')
      ? 'application/json'
      : usualType(items, { resolver } as Side);
  }
  const binary = /^(binary|base64)$/.test(textMember(schema.value, 'format') ?? '');
  const typed = textMember(schema.value, 'contentMediaType');
  if (typed !== undefined) return typed;
  return binary || types.length === 0 ? 'application/octet-stream' : 'text/plain';
}

/** Whether everything that was sent is still taken, or everything that is sent was so before. */
function fits(before: readonly string[], after: readonly string[], direction: 'request' | 'response'): boolean {
  const [sent, taken] = direction === 'request' ? [before, after] : [after, before];
  return sent.every((one) => taken.some((other) => covers(other, one)));
}

const covers = (wide: string, type: string) =>
  wide === type || wide === '*/*' || (wide.endsWith('/*') && type.startsWith(wide.slice(0, -1)));

function newRequiredHeaders(before: Part, after: Part, { base, revision }: Comparison): string[] {
  const required = ({ encoding }: Part, { resolver }: Side) => {
    const names = encoding === undefined ? [] : Object.keys(objectMember(encoding.value, 'headers') ?? {});
    return (
      names
        .filter((name) => member(resolver.child(encoding!, 'headers', name)?.value ?? {}, 'required') === true)
        // Content-Type is said by `contentType`, and ignored here.
        .map((name) => name.toLowerCase())
        .filter((name) => name !== 'content-type')
    );
  };
  const known = new Set(required(before, base));
  return required(after, revision).filter((name) => !known.has(name));
}
