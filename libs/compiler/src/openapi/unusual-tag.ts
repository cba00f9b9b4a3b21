import { CST, Lexer } from 'yaml';

/** What could be a tag other than those of JSON's types. Bounded, so that no text makes it slow. */
const suspicious = /![^\s!]{0,60}(?:%|set|omap|pairs|binary)|!<|^%TAG/m;
const usual = /^!(?:!(?:str|int|float|bool|null|map|seq))?$/;

/**
 * The first tag of a YAML text that stands for something that JSON does not have: js-yaml makes sets, byte arrays and
 * lists of pairs of them. `%TAG` could make any tag look like another. Costs a look at the text where there is none.
 */
export function unusualTag(text: string): { source: string; offset: number } | undefined {
  if (!suspicious.test(text)) return undefined;
  let offset = 0;
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: CST.TokenType | null = isContent ? null : CST.tokenType(lexeme);
    // The lexer's own marks are no part of the text; what follows `scalar` is content, whatever it looks like.
    isContent = type === 'scalar';
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') continue;
    if (type === 'tag' && !usual.test(lexeme)) return { source: lexeme, offset };
    if (type === 'directive-line' && lexeme.startsWith('%TAG')) return { source: lexeme, offset };
    offset += lexeme.length;
  }
  return undefined;
}
