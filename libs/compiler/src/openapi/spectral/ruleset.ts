/** A Spectral ruleset file with everything that it extends, as plain data. Code in it is text, for the sandbox alone. */
export interface SpectralRuleset {
  /** The file that a RuleSet names. */
  readonly path: string;
  /** Of the content of all files that it is made from, and their names. */
  readonly digest: string;
  readonly definition: RulesetData;
  /** JavaScript that it names and what that imports, by path; there only where the source allows it. */
  readonly modules?: Readonly<Record<string, string>>;
  /** Whether RuleSets on trial alone name it: what it finds is told, and refuses nothing. */
  readonly trial?: true;
}

export type BuiltInRuleset = 'spectral:oas' | 'spectral:asyncapi' | 'spectral:arazzo';
export const builtInRulesets: readonly string[] = ['spectral:oas', 'spectral:asyncapi', 'spectral:arazzo'];
export type ExtendMode = 'off' | 'recommended' | 'all';

/** A function of one ruleset file, which rules of that file alone can name. */
export interface DeclaredFunction {
  readonly name: string;
  /** The JavaScript file that exports it. */
  readonly file: string;
  /** What its options must fit, where the ruleset says so. */
  readonly schema?: unknown;
}

/** As in the file, but for `extends` and `functions`: what was named there stands there itself. */
export interface RulesetData {
  readonly functions?: readonly DeclaredFunction[];
  readonly extends?: readonly (BuiltInRuleset | RulesetData | readonly [BuiltInRuleset | RulesetData, ExtendMode])[];
  readonly [field: string]: unknown;
}

/** Names of formats in ruleset files → those of `@stoplight/spectral-formats`. */
export const formatNames: Readonly<Record<string, string>> = {
  oas2: 'oas2',
  oas3: 'oas3',
  'oas3.0': 'oas3_0',
  oas3_0: 'oas3_0',
  'oas3.1': 'oas3_1',
  oas3_1: 'oas3_1',
  'oas3.2': 'oas3_2',
  oas3_2: 'oas3_2',
  asyncapi2: 'asyncapi2',
  aas2: 'aas2',
  aas3: 'aas3',
  'arazzo1.0': 'arazzo1_0',
  arazzo1_0: 'arazzo1_0',
  'json-schema': 'jsonSchema',
  'json-schema-loose': 'jsonSchemaLoose',
  'json-schema-draft4': 'jsonSchemaDraft4',
  'json-schema-draft6': 'jsonSchemaDraft6',
  'json-schema-draft7': 'jsonSchemaDraft7',
  'json-schema-draft-2019-09': 'jsonSchemaDraft2019_09',
  'json-schema-2019-09': 'jsonSchemaDraft2019_09',
  'json-schema-draft-2020-12': 'jsonSchemaDraft2020_12',
  'json-schema-2020-12': 'jsonSchemaDraft2020_12',
};

export const coreFunctions: readonly string[] = [
  'alphabetical',
  'casing',
  'defined',
  'enumeration',
  'falsy',
  'length',
  'or',
  'pattern',
  'schema',
  'truthy',
  'undefined',
  'unreferencedReusableObject',
  'xor',
];

/** The rule id of findings of a ruleset's rule: `operationTags` and `operation-tags` are `spectral-operation-tags`. */
export function spectralRuleId(code: string): string {
  const words = code
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return `spectral-${words.join('-') || 'rule'}`.slice(0, 80).replace(/-$/, '');
}
