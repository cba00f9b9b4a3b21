/** What Postgres cannot hold in text (NUL, half a surrogate pair) becomes U+FFFD: a document may say anything. */
export const storable = (text: string) =>
  text.replaceAll(/\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
export const storableJson = (value: unknown) =>
  JSON.stringify(value, (_, member: unknown) => (typeof member === 'string' ? storable(member) : member));
