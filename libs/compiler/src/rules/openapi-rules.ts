import { exampleOpenApi } from './example-workspace.ts';
import type { Rule } from './rule.ts';

const bad = (from: string, to: string) => ({ 'pets/openapi.yaml': exampleOpenApi.replace(from, to) });
const good = { 'pets/openapi.yaml': exampleOpenApi };
const parameters = '      parameters: [{ name: name, in: path, required: true, schema: { type: string } }]\n';
const again = (path: string) => exampleOpenApi.slice(exampleOpenApi.indexOf('  /dogs')).replace('/dogs/{name}', path);

const exampleSwagger = `swagger: "2.0"
info: { title: Pets, version: 1.0.0 }
paths:
  /dogs:
    get:
      operationId: listDogs
      parameters: [{ name: breed, in: query, type: string }]
      responses: { "200": { description: The dogs. } }
`;

const huge = exampleOpenApi + '# and much more\n'.repeat(10_000);

/** Rules about OpenAPI documents. */
export const openApiRules: readonly Rule[] = [
  {
    id: 'openapi-syntax',
    severity: 'error',
    summary: 'An OpenAPI document is not valid JSON or YAML.',
    why: 'None of its operations can be known.',
    fix: 'Mend the syntax at the place that the finding names.',
    bad: bad('{ title: Pets, version: 1.0.0 }', '{ title: Pets, version: 1.0.0'),
    good,
  },
  {
    id: 'document-takes-too-long',
    severity: 'error',
    summary: 'Reading an OpenAPI document takes more time than one document may take.',
    why: 'One document must not be able to hold up everybody else’s commits. It is tried twice, the second time alone.',
    fix: 'Split it, or leave out what callers do not need. `GITWAY_DOCUMENT_TIME_LIMIT` of the validator is the limit.',
    bad: { 'pets/openapi.yaml': huge },
    good,
  },
  {
    id: 'document-needs-too-much-memory',
    severity: 'error',
    summary: 'Reading an OpenAPI document takes more memory than one document may take.',
    why: 'One document must not be able to bring down the process that reads everybody’s. It is tried twice, the second time alone.',
    fix: 'Split it, or leave out what callers do not need. `GITWAY_DOCUMENT_MEMORY_MB` of the validator is the limit.',
    bad: { 'pets/openapi.yaml': huge },
    good,
  },
  {
    id: 'openapi-version',
    severity: 'error',
    summary: 'A document is not OpenAPI, or of a version that is not read. (Swagger 2.0 is read, with a note.)',
    why: 'What its fields mean depends on the version.',
    fix: 'Use OpenAPI 3.0, 3.1 or 3.2, or Swagger 2.0.',
    bad: bad('openapi: 3.0.3', 'openapi: 4.0.0'),
    good,
  },
  {
    id: 'swagger-conversion',
    severity: 'warning',
    summary: 'Something in a Swagger 2.0 document cannot be said in OpenAPI 3 as it was meant.',
    why: 'Swagger 2.0 is read as the OpenAPI 3.0 document that it comes to; the finding says what was done instead.',
    fix: 'Say it in another way, or write the document in OpenAPI 3.',
    bad: {
      'pets/openapi.yaml': exampleSwagger.replace(
        'type: string }',
        'type: array, items: { type: string }, collectionFormat: tsv }',
      ),
    },
    good: { 'pets/openapi.yaml': exampleSwagger },
  },
  {
    id: 'openapi-structure',
    severity: 'error',
    adjustable: true,
    summary: 'A document does not have the structure that OpenAPI demands.',
    why: 'A gateway would have to guess what was meant.',
    fix: 'Correct what the finding points at.',
    bad: bad('responses: { "200": { description: The dog. } }', 'responses: [200]'),
    good,
  },
  {
    id: 'openapi-unexpected-property',
    severity: 'warning',
    summary: 'A document has a property that OpenAPI does not know.',
    why: 'It is ignored, and may be a typing error.',
    fix: 'Correct or delete it, or begin its name with `x-`.',
    bad: bad('operationId: readDog', 'operationId: readDog\n      sumary: Reads a dog'),
    good,
  },
  {
    id: 'openapi-unresolved-ref',
    severity: 'error',
    summary: 'A `$ref` leads to nothing.',
    why: 'Part of the document is missing.',
    fix: 'Point it at something that is there.',
    bad: bad('{ description: The dog. }', '{ $ref: "#/components/responses/Dog" }'),
    good,
  },
  {
    id: 'openapi-ref',
    severity: 'error',
    summary: 'A `$ref` leads to a server that is not allowed or does not answer, or out of the repository.',
    why: 'A commit says all that is deployed; and a reference could make Gitway fetch what its author may not. So hosts are allowed by whoever runs Gitway, for each source, and none is by itself.',
    fix: 'Put the document into the repository and refer to it by a relative path; or have its host allowed (`GITWAY_REMOTE_REFS` of the validator, `--allow-remote-ref` of `gitway check`).',
    bad: bad('{ description: The dog. }', '{ $ref: "https://example.com/dog.yaml" }'),
    good,
  },
  {
    id: 'openapi-identical-paths',
    severity: 'warning',
    summary: 'Two paths differ by the names of their parameters alone.',
    why: 'They are one path to a caller and to a gateway.',
    fix: 'Declare the path once.',
    bad: {
      'pets/openapi.yaml':
        exampleOpenApi + again('/dogs/{id}').replaceAll('name: name', 'name: id').replace('readDog', 'readDogById'),
    },
    good,
  },
  {
    id: 'openapi-path-parameters',
    severity: 'warning',
    summary: 'The parameters of a path and those that are declared differ.',
    why: 'Clients that are made from the document will not work.',
    fix: 'Declare every parameter of the path, and no other.',
    bad: bad(parameters, ''),
    good,
  },
  {
    id: 'openapi-path-query',
    severity: 'warning',
    summary: 'A path holds a query string.',
    why: 'Paths are matched without it.',
    fix: 'Declare query parameters under `parameters`.',
    bad: bad('/dogs/{name}:', '/dogs/{name}?full=true:'),
    good,
  },
  {
    id: 'openapi-parameters-unique',
    severity: 'warning',
    summary: 'An operation declares one parameter twice.',
    why: 'Only one of them could count.',
    fix: 'Declare it once.',
    bad: bad(
      parameters,
      parameters.replace(
        '[',
        '[{ name: full, in: query, schema: { type: string } }, { name: full, in: query, schema: { type: boolean } }, ',
      ),
    ),
    good,
  },
  {
    id: 'openapi-success-response',
    severity: 'warning',
    summary: 'An operation does not say what a call that succeeds answers.',
    why: 'Its callers do not know either.',
    fix: 'Declare a 2xx response.',
    bad: bad('"200"', '"404"'),
    good,
  },
  {
    id: 'openapi-operation-id',
    severity: 'warning',
    summary: 'An operation has no `operationId`.',
    why: 'Statistics name operations by it; without one, by method and path.',
    fix: 'Give it one.',
    bad: bad('      operationId: readDog\n', ''),
    good,
  },
  {
    id: 'openapi-duplicate-operation-id',
    severity: 'warning',
    summary: 'Two operations have one `operationId`.',
    why: 'The second one is called by its method and path, so that the two are not counted as one.',
    fix: 'Give every operation an id of its own.',
    bad: { 'pets/openapi.yaml': exampleOpenApi + again('/cats/{name}') },
    good: { 'pets/openapi.yaml': exampleOpenApi + again('/cats/{name}').replace('readDog', 'readCat') },
  },
];
