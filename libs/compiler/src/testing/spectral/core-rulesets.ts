/** Rulesets that go through what Spectral's format can say, by path. */
export const coreRulesets: Readonly<Record<string, string>> = {
  'rules/functions.yaml': `rules:
  alphabetical-tags: { given: $, then: { field: tags, function: alphabetical, functionOptions: { keyedBy: name } } }
  alphabetical-keys: { given: $.components.schemas, then: { function: alphabetical } }
  alphabetical-required: { given: "$..enum", then: { function: alphabetical } }
  cobol: { given: "$..properties", then: { field: "@key", function: casing, functionOptions: { type: cobol } } }
  kebab-separated: { given: "$.paths", then: { field: "@key", function: casing, functionOptions: { type: kebab, separator: { char: "/", allowLeading: true } } } }
  length-string: { given: $..description, then: { function: length, functionOptions: { min: 3, max: 30 } } }
  length-object: { given: $..properties, then: { function: length, functionOptions: { max: 2 } } }
  length-number: { given: $..maximum, then: { function: length, functionOptions: { max: 1000 } } }
  pattern-both: { given: $.info.version, then: { function: pattern, functionOptions: { match: "^\\\\d+\\\\.", notMatch: v } } }
  schema-draft4: { given: $.info, then: { function: schema, functionOptions: { dialect: draft4, schema: { required: [contact, license], properties: { version: { minLength: 3 } } } } } }
  schema-auto: { given: $..schema, then: { function: schema, functionOptions: { dialect: auto, schema: { $schema: "http://json-schema.org/draft-07/schema#", not: { required: [items] } } } } }
  schema-2020: { given: $.info, then: { function: schema, functionOptions: { dialect: draft2020-12, allErrors: true, schema: { properties: { contact: { properties: { email: { format: email } } } }, unevaluatedProperties: false } } } }
  falsy-example: { given: $..example, then: { function: falsy } }
  truthy-example: { given: $..example, then: { function: truthy } }
  undefined-host: { given: $, then: { field: host, function: undefined } }
  defined-contact: { given: $.info, then: [{ field: contact, function: defined }, { field: contact.url, function: defined }] }
  enumeration-version: { given: $.info.version, then: { function: enumeration, functionOptions: { values: [v1, "1"] } } }
  unreferenced: { given: $.components.schemas, then: { function: unreferencedReusableObject, functionOptions: { reusableObjectsLocation: "#/components/schemas" } } }
  unreferenced-definitions: { formats: [oas2], given: $.definitions, then: { function: unreferencedReusableObject, functionOptions: { reusableObjectsLocation: "#/definitions" } } }
  xor-three: { given: "$..properties[*]", then: { function: xor, functionOptions: { properties: [enum, format, example] } } }
  or-three: { given: "$..properties[*]", then: { function: or, functionOptions: { properties: [enum, format, example] } } }
  nested-field: { given: $.info, then: { field: "$.contact.email", function: pattern, functionOptions: { match: "@" } } }
`,
  'rules/unresolved.yaml': `formats: [oas3.0, oas3_1]
rules:
  refs-local: { resolved: false, severity: error, given: "$..$ref", message: "{{value}} at {{path}}", then: { function: pattern, functionOptions: { match: "^#" } } }
  refs-to-schemas: { resolved: false, given: "$.paths..[?(@ && @.$ref)]", then: { field: $ref, function: pattern, functionOptions: { match: "/schemas/" } } }
  only-30: { formats: [oas3.0], given: $.openapi, message: "{{value}}", then: { function: falsy } }
  only-31: { formats: [oas3.1], given: $.openapi, message: "{{error}} of #{{print('property')}}", then: { function: falsy } }
  only-2: { formats: [oas2], given: $.swagger, then: { function: falsy } }
  behind-refs: { given: "$.paths[*][*].responses[*].content[*].schema..properties[*]", message: "{{property}} at {{path}} is {{value}}: {{error}}", then: { field: description, function: truthy } }
  keys-behind-refs: { given: "$.paths..properties", message: "{{property}} {{value}}", then: { field: "@key", function: casing, functionOptions: { type: flat } } }
`,
  'rules/recommended.yaml': 'extends: spectral:oas\n',
  'rules/all.yaml':
    'extends: [[spectral:oas, all]]\nrules: { info-contact: off, oas3-schema: warn, operation-description: hint }\n',
  'rules/chosen.yaml': `extends:
  - [spectral:oas, off]
  - [./naming.yaml, all]
  - ./functions.yaml
parserOptions: { duplicateKeys: warn, incompatibleValues: off }
rules:
  typed-enum: warn
  duplicated-entry-in-enum: error
  oas3-unused-component: info
  operation-success-response: true
  path-params: "error"
  never: error
  paths-kebab-case: off
  schema-pascal: "off"
  query-snake: false
  length-string: true
  header-train: error
  tag-flat: info
  enum-macro: "info"
  oas2-host-trailing-slash: warn
  oas2-schema: error
`,
  'rules/deep/base.json': `{ "extends": ["../http.yaml", ["../naming.yaml", "off"]], "rules": { "paths-kebab-case": "error", "json-only": "off" } }`,
  'rules/house.yaml': `extends: ["deep/base.json"]
aliases: { Info: "$.info", Schemas: ["$.components.schemas[*]", "$.definitions[*]"] }
rules:
  title-api: { given: "#Info.title", then: { function: pattern, functionOptions: { match: "API$" } } }
  schema-object: { given: ["#Schemas"], then: { field: type, function: enumeration, functionOptions: { values: [object] } } }
  pagination: { given: $.paths, message: replaced, then: { function: length, functionOptions: { max: 1 } } }
overrides:
  - { files: ["**/*.json"], rules: { title-api: off } }
  - files: ["../api/**"]
    formats: [oas3]
    aliases: { Info: ["$.info", "$.servers[0]"] }
    rules:
      only-here: { given: "#Info.url", then: { function: pattern, functionOptions: { match: "^https" } } }
      paths-kebab-case: warn
`,
};
