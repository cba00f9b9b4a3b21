import { type Conversion, isMapping, type Node, referenceOf } from './conversion.ts';
import { convertSchema, splitSchema } from './schemas.ts';

/** What an operation is sent, told apart by where OpenAPI 3 puts it. */
export interface Sent {
  /** Parameters of path, query and header, as they are declared: `$ref`s among them. */
  readonly plain: readonly Node[];
  readonly body: Node | undefined;
  readonly form: readonly Node[];
}

export function sentOf(to: Conversion, parameters: readonly Node[]): Sent {
  const plain: Node[] = [];
  const form: Node[] = [];
  let body: Node | undefined;
  for (const item of parameters) {
    const final = to.final(item);
    const kind = isMapping(final?.value) ? final.value['in'] : undefined;
    if (kind === 'formData') form.push(final!);
    else if (kind !== 'body') plain.push(item);
    else if (body === undefined) body = final!;
    else to.note(item, 'A request has one body; this second one is left out.');
  }
  return { plain, body, form };
}

/** What holds for one operation: its own, and of its path what it does not say itself. */
export function sentTogether(path: Sent, own: Sent): Sent {
  const named = new Set(own.form.map(nameOf));
  const form = [...path.form.filter((each) => !named.has(nameOf(each))), ...own.form];
  return {
    plain: own.plain,
    body: own.body ?? (own.form.length > 0 ? undefined : path.body),
    form: own.body === undefined ? form : own.form,
  };
}

export function requestBody(to: Conversion, sent: Sent, consumes: readonly string[] | undefined): unknown {
  const { body, form } = sent;
  if (body !== undefined) {
    for (const each of form) to.note(each, 'A request with a body has no form fields; this one is left out.');
    return bodyOf(to, body, consumes ?? ['application/json']);
  }
  return form.length === 0 ? undefined : formOf(to, form, consumes ?? []);
}

function bodyOf(to: Conversion, at: Node, consumes: readonly string[]): unknown {
  const schema = at.child('schema');
  const media = () => to.make(at, [['schema', schema === undefined ? undefined : convertSchema(to, schema)]]);
  const kept = at.entries().filter(([key]) => !['name', 'in', 'schema'].includes(key));
  return to.make(at, [
    ...kept.map(([key, member]) => [key, to.plain(member)] as const),
    [
      'content',
      to.make(
        at,
        consumes.map((type) => [type, media()] as const),
      ),
    ],
  ]);
}

const MULTIPART = 'multipart/form-data';
const URLENCODED = 'application/x-www-form-urlencoded';

function formOf(to: Conversion, fields: readonly Node[], consumes: readonly string[]): unknown {
  const at = fields[0]!;
  const hasFile = fields.some(({ value }) => isMapping(value) && value['type'] === 'file');
  const declared = consumes.filter((type) => type === MULTIPART || type === URLENCODED);
  const possible = hasFile ? declared.filter((type) => type === MULTIPART) : declared;
  const types = possible.length > 0 ? possible : [hasFile ? MULTIPART : URLENCODED];
  const properties = new Map<string, unknown>();
  const encoding = new Map<string, unknown>();
  const required: string[] = [];
  for (const field of fields) {
    const { name, required: isRequired, collectionFormat, type } = field.value as Record<string, unknown>;
    if (typeof name !== 'string') continue;
    const { schema, rest } = splitSchema(to, field);
    const kept = rest.filter(([key]) => key === 'description' || key.startsWith('x-'));
    const members = [
      ...kept.map(([key, member]) => [key, to.plain(member)] as const),
      ...Object.entries(schema as object),
    ];
    properties.set(name, to.make(field, members as [string, unknown][]));
    if (isRequired === true) required.push(name);
    if (type === 'array') encoding.set(name, to.make(field, serialization(to, field, 'query', collectionFormat)));
  }
  const schema = to.make(at, [
    ['type', 'object'],
    ['properties', to.make(at, properties)],
    ['required', required.length === 0 ? undefined : required],
  ]);
  const media = () =>
    to.make(at, [
      ['schema', schema],
      ['encoding', encoding.size === 0 ? undefined : to.make(at, encoding)],
    ]);
  return to.make(at, [
    ['required', required.length === 0 ? undefined : true],
    [
      'content',
      to.make(
        at,
        types.map((type) => [type, media()] as const),
      ),
    ],
  ]);
}

/** A parameter of path, query or header, or a `$ref` to one. */
export function convertParameter(to: Conversion, at: Node): unknown {
  if (!isMapping(at.value)) return at.value;
  return to.once('parameter', at, () => {
    if (referenceOf(at.value) !== undefined) return to.reference(at, 'parameter');
    const { schema, rest } = splitSchema(to, at);
    const { in: place, type, collectionFormat } = at.value as Record<string, unknown>;
    const kept = rest.filter(([key]) => key !== 'collectionFormat');
    return to.make(at, [
      ...kept.map(([key, member]) => [key, to.plain(member)] as const),
      ...(type === 'array' ? serialization(to, at, place, collectionFormat) : []),
      ['schema', schema],
    ]);
  });
}

/** How a list is written: `collectionFormat` as `style` and `explode`. */
function serialization(to: Conversion, at: Node, place: unknown, format: unknown = 'csv'): [string, unknown][] {
  if (place === 'path' || place === 'header') {
    if (format !== 'csv') noCounterpart(to, at, format);
    return [
      ['style', 'simple'],
      ['explode', false],
    ];
  }
  const style = { csv: 'form', multi: 'form', ssv: 'spaceDelimited', pipes: 'pipeDelimited' }[String(format)];
  if (style === undefined) noCounterpart(to, at, format);
  return [
    ['style', style ?? 'form'],
    ['explode', format === 'multi'],
  ];
}

function noCounterpart(to: Conversion, at: Node, format: unknown): void {
  const given = JSON.stringify(format)?.slice(0, 40);
  to.note(
    at.child('collectionFormat') ?? at,
    `\`collectionFormat: ${given}\` has no counterpart here; it is read as \`csv\`.`,
  );
}

const nameOf = ({ value }: Node) => (isMapping(value) ? value['name'] : undefined);
