import { readYaml, resourceLimits, SourceFile } from '@gitway/resources';
import { describe, expect, it } from '@jest/globals';
import { partOfScalar } from './scalar-range.ts';

/** The text of the file that the range of `part` within the value of `key` covers. */
function covered(yaml: string, part: string): string {
  const file = new SourceFile('rules.yaml', yaml, resourceLimits);
  const value = (readYaml(yaml, resourceLimits).documents[0]!.value as { key: string }).key;
  const start = value.indexOf(part);
  const { line, column, endLine, endColumn } = partOfScalar(
    yaml,
    file.rangeOf(0, ['key']),
    value,
    start,
    start + part.length,
  );
  const lines = yaml.split('\n');
  return line === endLine
    ? lines[line - 1]!.slice(column - 1, endColumn - 1)
    : lines
        .slice(line - 1, endLine)
        .join('\n')
        .slice(column - 1);
}

describe('partOfScalar', () => {
  it.each([
    ['plain', 'a: 1\nkey: has(api.ownr) || false\n'],
    ['single quotes', "key: 'has(api.ownr) == ''x'' '\n"],
    ['single quotes, after a quote inside', "key: '''x'' == api.ownr'\n"],
    ['double quotes', 'key: "\\"x\\" == api.ownr"\n'],
    ['a literal block', 'key: |\n  has(api.name) &&\n    has(api.ownr) &&\n  true\nb: 1\n'],
    ['a literal block, stripped', 'key: |-\n\n    true &&\n    api.ownr == ""\n'],
    ['a folded block', 'key: >-\n  true &&\n  has(api.ownr) &&\n  true\n'],
    ['plain over several lines', 'key: true &&\n  has(api.ownr) &&\n  true\n'],
    ['double quotes over several lines', 'key: "true &&\n  has(api.ownr)"\n'],
  ])('finds a part of %s', (_, yaml) => {
    expect(covered(yaml, 'ownr')).toBe('ownr');
  });

  it('is the whole scalar where the text cannot be followed', () => {
    expect(covered('key: "\\u0061pi.ownr"\n', 'ownr')).toBe('"\\u0061pi.ownr"');
  });
});
