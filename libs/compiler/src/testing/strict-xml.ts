export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** Characters of XML 1.0: https://www.w3.org/TR/xml/#charsets. */
const allowed = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads the XML that reports are written in (elements, attributes, text, the five entities), and throws at the first
 * thing that an XML 1.0 parser would not let pass, or that reports have no use for.
 */
export function readStrictXml(document: string): XmlElement {
  if (!allowed.test(document)) throw new Error('a character that XML cannot hold');
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${at}: ${document.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const sticky = new RegExp(pattern.source, 'uy');
    sticky.lastIndex = at;
    const found = sticky.exec(document);
    if (found !== null) at = sticky.lastIndex;
    return found;
  };
  const decode = (text: string): string => {
    if (text.includes(']]>')) fail(']]> in text');
    return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
      const character = whole.endsWith(';') ? entities[name] : undefined;
      return character ?? fail(`an entity ${whole}`);
    });
  };
  const element = (): XmlElement => {
    const name = (take(/<([A-Za-z][\w-]*)/) ?? fail('no element'))[1]!;
    const attributes: Record<string, string> = {};
    for (let found = take(/\s+([A-Za-z][\w-]*)="([^"<]*)"/); found !== null;) {
      const [, key = '', value = ''] = found;
      if (Object.hasOwn(attributes, key)) fail(`a second ${key}`);
      attributes[key] = decode(value);
      found = take(/\s+([A-Za-z][\w-]*)="([^"<]*)"/);
    }
    if (take(/\s*\/>/) !== null) return { name, attributes, children: [], text: '' };
    if (take(/\s*>/) === null) fail('no end of a tag');
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      text += decode(take(/[^<]*/)![0]);
      if (take(/<\//) !== null) {
        if (take(new RegExp(`${name}\\s*>`)) === null) fail(`not the end of ${name}`);
        return { name, attributes, children, text };
      }
      children.push(element());
    }
  };
  if (take(/<\?xml version="1\.0" encoding="UTF-8"\?>\n/) === null) fail('no declaration');
  const root = element();
  take(/\s*/);
  if (at !== document.length) fail('something after the root');
  return root;
}
