const styles = {
  good: '32',
  bad: '31;1',
  warn: '33',
  dim: '2',
  strong: '1',
  name: '36',
  error: '31;1',
} as const;

export type Style = keyof typeof styles;
export type Paint = (style: Style, text: string) => string;

/** Colours, or none: meaning is always in the words as well. */
export function painter(color: boolean): Paint {
  return (style, text) => (color && text !== '' ? `\u001B[${styles[style]}m${text}\u001B[0m` : text);
}
