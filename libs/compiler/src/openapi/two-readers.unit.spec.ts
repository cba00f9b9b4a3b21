import { openApiLimits, readYaml } from '@gitway/resources';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseDocument } from './parse-document.ts';

/** What each of the two readers makes of a text; undefined where it refuses it. */
function readings(text: string): {
  resources: { value: unknown } | undefined;
  openApi: { value: unknown } | undefined;
} {
  const { documents } = readYaml(text, openApiLimits);
  const [first] = documents;
  const readable = documents.length === 1 && first?.problems.length === 0;
  const parsed = parseDocument('x.yaml', text);
  return {
    resources: readable ? { value: first.value ?? null } : undefined,
    openApi: 'value' in parsed ? { value: parsed.value ?? null } : undefined,
  };
}

/**
 * Pieces of which YAML is made, the odd ones among them. Not looked at: block text of nothing but spaces, whose
 * indentation is given (`|2`) or whose last line has no end (the `yaml` package loses spaces there).
 */
const pieces = [
  ...[
    'a',
    'b c',
    '"x"',
    "'y'",
    '1',
    '0x1f',
    '010',
    '0o7',
    '1.0',
    '1e3',
    '-.5',
    '~',
    'null',
    'true',
    'no',
    '2026-12-31',
  ],
  ...['1_000', '1:30', '+1', '-0', '.inf', '12345678901234567890', '0b1', '""', '"\\u0041"', '"\\ud800"', 'é', '😀'],
  ...[
    '__proto__',
    'constructor',
    '<<',
    '=',
    '&a ',
    '*a',
    '&a',
    '! ',
    '!!str ',
    '!!int ',
    '!!float ',
    '!!bool ',
    '!!null ',
  ],
  ...['!!set ', '!!omap ', '!!binary ', '!!map ', '!!seq ', '!x ', '!<tag:yaml.org,2002:str> ', '!!s%65t '],
  ...[': ', ':', '? ', '- ', '-', '\n', '\n', '\n  ', '\n    ', '\n- ', '\n  - ', ', ', ',', '[', ']', '{', '}', ' '],
  ...[
    '|\n  ',
    '>\n  ',
    '|-\n  ',
    '>+\n  ',
    '|2\n  ',
    '# c',
    ' # c',
    '\t',
    '\r\n',
    '---\n',
    '---',
    '...\n',
    '%YAML 1.1\n',
  ],
  ...['%TAG ! tag:yaml.org,2002:\n', '\uFEFF', '\u0085', '\u2028', '\u00a0', '\u0007', '@', '`', '%', '"', "'", '\\'],
];
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => `${parts.join('')}\n`);

/** Text that is YAML more often than not. */
const { document: structured } = fc.letrec<{ document: string; node: string; scalar: string }>((tie) => ({
  scalar: fc.constantFrom(...pieces.slice(0, 33)),
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie('scalar'),
    fc.array(tie('node'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(tie('scalar'), tie('node')), { maxLength: 3 })
      .map((pairs) => `{${pairs.map(([k, v]) => `${k}: ${v}`).join(', ')}}`),
    fc
      .tuple(fc.constantFrom('&a ', '!!str ', '!!int ', '!!float ', '!!null ', '!!seq ', '!!map ', '! '), tie('node'))
      .map((each) => each.join('')),
    fc.constant('*a'),
  ),
  document: fc
    .array(fc.tuple(tie('scalar'), tie('node'), fc.constantFrom(': ', ':\n    ', ': # c\n  ', ': >\n  ')), {
      maxLength: 4,
    })
    .map((pairs) => pairs.map(([key, node, colon]) => `${key}${colon}${node}\n`).join('')),
}));

const isCollection = (value: unknown) => typeof value === 'object' && value !== null;
const runs = Number(process.env['GITWAY_PROPERTY_RUNS'] ?? 3_000);

describe('the reader of resources and that of OpenAPI documents', () => {
  it.each([
    ['pieces of YAML in any order', soup],
    ['documents with odd keys and values', structured],
  ])('agree on %s, or one of them refuses', (_, texts) => {
    let both = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const { resources, openApi } = readings(text);
        if (resources === undefined || openApi === undefined) return;
        // Documents that are no mappings are of no use to either; of text at the top YAML itself is not sure.
        if (!isCollection(resources.value) && !isCollection(openApi.value)) return;
        both++;
        expect(openApi).toEqual(resources);
      }),
      { numRuns: runs },
    );
    expect(both).toBeGreaterThan(runs / 100);
  });

  it('read what JSON.parse reads alike', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        const value: unknown = JSON.parse(text);
        const { resources, openApi } = readings(text);
        if (openApi !== undefined) expect(openApi.value).toEqual(value);
        if (resources !== undefined) expect(resources.value).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});
