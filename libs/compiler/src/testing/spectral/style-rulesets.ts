/** Rulesets as companies write them, by path: what each is about stands in its descriptions. */
export const styleRulesets: Readonly<Record<string, string>> = {
  'rules/naming.yaml': `formats: [oas3]
documentationUrl: https://style.example.com/naming.html
aliases:
  PathItem: ["$.paths[*]"]
  Operation: ["#PathItem[get,put,post,delete,options,head,patch,trace]"]
  Parameter:
    description: of path items, operations and components
    targets:
      - formats: [oas2]
        given: ["$.parameters[*]", "#PathItem.parameters[?(@ && @.in)]", "#Operation.parameters[?(@ && @.in)]"]
      - formats: [oas3]
        given: ["$.components.parameters[*]", "#PathItem.parameters[?(@ && @.in)]", "#Operation.parameters[?(@ && @.in)]"]
  Property: ["$.components.schemas..properties", "$.paths..properties"]
rules:
  paths-kebab-case:
    description: Segments are lower case with hyphens.
    message: "{{property}} should be kebab-case ({{error}})"
    severity: error
    given: $.paths[*]~
    then: { function: pattern, functionOptions: { match: "^(/|[a-z0-9-.]+|{[a-zA-Z0-9_]+})+$" } }
  paths-no-trailing-slash:
    description: Paths end without a slash.
    severity: warn
    given: $.paths
    then: { field: "@key", function: pattern, functionOptions: { notMatch: ".+/$" } }
  paths-no-verbs:
    message: "{{path}}: {{description}}"
    description: A path names things.
    documentationUrl: https://style.example.com/verbs
    severity: info
    given: $.paths
    then: { field: "@key", function: pattern, functionOptions: { notMatch: "/(get|create|delete|update)[A-Z]?" } }
  operation-id-camel:
    severity: 0
    given: ["#Operation", "$.webhooks[*][*]"]
    then:
      - { field: operationId, function: truthy }
      - { field: operationId, function: casing, functionOptions: { type: camel } }
  query-snake:
    message: "'{{value}}' is not snake_case"
    severity: 2
    given: "#Parameter[?(@.in=='query')]"
    then: { field: name, function: casing, functionOptions: { type: snake } }
  parameter-name:
    severity: 1
    given: "#Parameter.name"
    then: { function: casing, functionOptions: { type: camel, disallowDigits: true } }
  property-snake:
    description: Properties are snake_case.
    message: "{{property}}: {{error}}"
    given: "#Property"
    then: { field: "@key", function: casing, functionOptions: { type: snake } }
  schema-pascal:
    severity: 3
    given: $.components.schemas
    then: { field: "@key", function: casing, functionOptions: { type: pascal } }
  header-train:
    given: $..headers
    then: { field: "@key", function: casing, functionOptions: { type: pascal, separator: { char: "-" } } }
  tag-flat: { given: "$.tags[*].name", then: { function: casing, functionOptions: { type: flat } } }
  enum-macro:
    severity: hint
    given: "$..[?(@ && @.enum)].enum[*]"
    then: { function: casing, functionOptions: { type: macro } }
  never: { recommended: false, given: $, then: { function: falsy } }
`,
  'rules/http.yaml': `extends: [[spectral:oas, off]]
rules:
  operation-tags: true
  operation-operationId-unique: error
  oas3-api-servers: hint
  pagination:
    description: Collections take limit and offset or cursor.
    message: "{{description}} {{error}} at {{path}}"
    formats: [oas3]
    severity: warn
    given: "$.paths[?(!@property.match(/}/))].get.parameters"
    then:
      function: schema
      functionOptions:
        schema: { type: array, contains: { type: object, properties: { name: { enum: [limit, cursor] } }, required: [name] } }
  errors-problem-json:
    description: Errors are application/problem+json.
    severity: error
    given: "$.paths[*][*].responses[?(@property.match(/^(4|5|default)/))].content"
    then: { field: "application/problem+json", function: truthy }
  error-body:
    severity: error
    given: "$.paths[*][*].responses[400,404,default].content[*].schema"
    then: { function: schema, functionOptions: { dialect: draft7, allErrors: true, schema: { type: object, required: [type, properties], properties: { type: { const: object } } } } }
  success-has-content:
    given: "$.paths[*].get.responses[?(@property >= 200 && @property < 300)]"
    then: { field: content, function: defined }
  rate-limit-429: { given: "$.paths[*][get,post].responses", then: { field: "429", function: defined } }
  no-body-on-delete: { severity: error, given: "$.paths[*].delete", then: { field: requestBody, function: undefined } }
  json-only:
    given: $.paths[*][*]..content
    then: { field: "@key", function: enumeration, functionOptions: { values: [application/json, application/problem+json] } }
  summary:
    given: "$.paths[*][get,post,delete]"
    then:
      - { field: summary, function: truthy }
      - { field: summary, function: pattern, functionOptions: { match: "^[A-Z]" } }
      - { field: summary, function: pattern, functionOptions: { notMatch: "\\\\.$" } }
      - { field: summary, function: length, functionOptions: { min: 5, max: 40 } }
  caller-known:
    message: "{{error}}"
    given: $.paths[*][*]
    then: { function: or, functionOptions: { properties: [tags, summary, description] } }
  one-text: { given: "$.paths[*][*]", then: { function: xor, functionOptions: { properties: [summary, description] } } }
  example-or-examples: { given: "$.paths[*][*].parameters[*]", then: { function: xor, functionOptions: { properties: [example, examples] } } }
  deprecated-not: { given: "$.paths[*][*]", then: { field: deprecated, function: falsy } }
  parents: { given: "$..parameters[?(@ && @.in=='path')]^", then: { function: length, functionOptions: { max: 0 } } }
`,
  'rules/security.yaml': `extends: ./security-base.yaml
rules:
  https-only: error
  no-implicit: { severity: error, given: "$.components.securitySchemes[*].flows", then: { field: implicit, function: falsy } }
  no-key-in-query: off
  login-https: { given: $..authorizationUrl, message: "{{value}} is not https", then: { function: pattern, functionOptions: { match: /^HTTPS:/i } } }
  operation-security:
    given: ["$.paths[*][*].security", "$.security"]
    then: { function: length, functionOptions: { min: 1 } }
  scopes: { given: "$.security[*][*]", then: { function: length, functionOptions: { max: 0 } } }
overrides:
  - files: ["api/*.yaml", "../api/*.yaml"]
    rules: { https-only: hint, operation-security: warn }
  - files: ["../api/v2/**/*.yaml"]
    extends: ./functions.yaml
    rules: { no-key-in-query: error, cobol: off, unreferenced: info }
  - files: ["../api/shop.yaml#/paths/~1Orders", "../api/*.yaml#/components/schemas/Order", "../shared/schemas.yaml#/Payload"]
    rules: { no-todo: error, schema-described: off, operation-security: off }
`,
  'rules/security-base.yaml': `rules:
  https-only: { severity: off, given: "$.servers[*].url", then: { function: pattern, functionOptions: { match: "^https://" } } }
  no-key-in-query: { given: "$.components.securitySchemes[?(@.type=='apiKey')]", then: { field: in, function: enumeration, functionOptions: { values: [header] } } }
  no-todo: { severity: warn, given: "$..description", then: { function: pattern, functionOptions: { notMatch: TODO } } }
  schema-described:
    severity: info
    message: "{{property}} has no description"
    given: ["$.components.schemas[*]", "$.definitions[*]"]
    then: { field: description, function: truthy }
`,
};
