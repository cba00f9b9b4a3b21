import { isMapping } from './check-ruleset.ts';

/** Rules of `spectral:oas` that had another name once, or were parts of one that there is now. */
const renamed: Readonly<Record<string, string>> = {
  'operation-2xx-response': 'operation-success-response',
  'oas3-unused-components-schema': 'oas3-unused-component',
  'oas2-valid-parameter-example': 'oas2-valid-schema-example',
  'oas2-valid-response-schema-example': 'oas2-valid-schema-example',
  'oas2-valid-definition-example': 'oas2-valid-schema-example',
  'oas2-valid-response-example': 'oas2-valid-media-example',
  'oas3-valid-oas-parameter-example': 'oas3-valid-media-example',
  'oas3-valid-oas-content-example': 'oas3-valid-media-example',
  'oas3-valid-oas-header-example': 'oas3-valid-media-example',
  'oas3-valid-header-schema-example': 'oas3-valid-schema-example',
  'oas3-valid-parameter-schema-example': 'oas3-valid-schema-example',
};

/**
 * A ruleset file of Spectral 5 as Spectral 6 reads it: severities of rules under their names of today, `except` as
 * `overrides`. What is wrong in it is left for others to find.
 */
export function asOfToday(ruleset: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { except, ...rest } = ruleset;
  const { rules, overrides } = rest;
  const today: Record<string, unknown> = { ...rest };
  if (isMapping(rules))
    today['rules'] = Object.fromEntries(
      Object.entries(rules).map(([name, value]) => [
        isMapping(value) || !Object.hasOwn(renamed, name) ? name : renamed[name],
        value,
      ]),
    );
  if (isMapping(except) && (overrides === undefined || Array.isArray(overrides)))
    today['overrides'] = [
      ...((overrides as unknown[] | undefined) ?? []),
      ...Object.entries(except).map(([place, names]) => ({
        files: [place.startsWith('#') ? `**${place}` : place],
        rules: Array.isArray(names) ? Object.fromEntries(names.map((name) => [String(name), 'off'])) : names,
      })),
    ];
  return today;
}
