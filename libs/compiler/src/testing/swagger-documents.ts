/** Swagger 2.0 documents as teams have them, each with what is hard to convert. */
export const shop = `swagger: '2.0'
info: { title: Shop, version: 1.4.0, contact: { email: shop@example.com } }
host: api.example.com
basePath: /shop/
schemes: [https, http]
consumes: [application/json, application/xml]
produces: [application/json]
tags: [{ name: orders }]
security: [{ key: [] }]
paths:
  /orders:
    parameters:
      - $ref: '#/parameters/tenant'
    get:
      tags: [orders]
      operationId: listOrders
      produces: [application/json, text/csv]
      parameters:
        - { name: status, in: query, type: array, items: { type: string, enum: [open, paid] }, collectionFormat: multi }
        - { name: ids, in: query, type: array, items: { type: integer, format: int64 }, collectionFormat: pipes, maxItems: 50 }
        - { name: limit, in: query, type: integer, default: 20, maximum: 100, exclusiveMaximum: true, allowEmptyValue: true }
      responses:
        '200':
          description: Orders.
          headers: { X-Total: { type: integer, format: int32, description: How many. } }
          schema: { type: array, items: { $ref: '#/definitions/Order' } }
          examples: { application/json: [{ id: 1, kind: order }] }
        default: { $ref: '#/responses/Problem' }
    post:
      operationId: createOrder
      deprecated: true
      schemes: [https]
      security: [{ oauth: ['orders:write'] }, { basic: [] }]
      parameters:
        - { name: order, in: body, required: true, description: The order., schema: { $ref: '#/definitions/Order' } }
      responses:
        '201': { description: Created., schema: { $ref: '#/definitions/Order' } }
        '400': { $ref: '#/responses/Problem' }
  /orders/{id}/receipt:
    parameters:
      - { name: id, in: path, required: true, type: string, pattern: '^[0-9]+$' }
    get:
      operationId: readReceipt
      produces: [application/pdf]
      responses: { '200': { description: A file., schema: { type: file } } }
    put:
      operationId: uploadReceipt
      consumes: [multipart/form-data]
      parameters:
        - { name: file, in: formData, type: file, required: true, description: The scan. }
        - { name: labels, in: formData, type: array, items: { type: string }, collectionFormat: multi }
        - $ref: '#/parameters/note'
      responses: { '204': { description: Kept. } }
  /login:
    post:
      operationId: login
      consumes: [application/x-www-form-urlencoded]
      parameters:
        - { name: user, in: formData, type: string, required: true, minLength: 3 }
        - { name: remember, in: formData, type: boolean, default: false }
      responses: { '200': { description: In. } }
parameters:
  tenant: { name: X-Tenant, in: header, required: true, type: string }
  note: { name: note, in: formData, type: string }
  patch: { name: patch, in: body, required: true, schema: { $ref: '#/definitions/Order' } }
responses:
  Problem: { description: A problem., schema: { $ref: '#/definitions/Problem' } }
securityDefinitions:
  key: { type: apiKey, in: header, name: X-Key }
  basic: { type: basic, description: Old. }
  oauth: { type: oauth2, flow: accessCode, authorizationUrl: 'https://id.example.com/a', tokenUrl: 'https://id.example.com/t', scopes: { 'orders:write': Writes orders. } }
  machine: { type: oauth2, flow: application, tokenUrl: 'https://id.example.com/t', scopes: {} }
  page: { type: oauth2, flow: implicit, authorizationUrl: 'https://id.example.com/a', scopes: {} }
  direct: { type: oauth2, flow: password, tokenUrl: 'https://id.example.com/t', scopes: {} }
definitions:
  Order:
    type: object
    discriminator: kind
    required: [id, kind]
    properties:
      id: { type: integer, format: int64, readOnly: true }
      kind: { type: string }
      note: { type: string, x-nullable: true }
      parent: { $ref: '#/definitions/Order' }
      extra: { type: object, additionalProperties: { $ref: '#/definitions/Problem' } }
  Subscription:
    allOf:
      - $ref: '#/definitions/Order'
      - { type: object, properties: { every: { type: string, x-nullable: true } } }
  Problem: { type: object, properties: { title: { type: string } }, example: { title: No. } }
`;

/** Over files: a path item, parameters, a response, schemas that refer to one another, and one that goes round. */
export const split: Readonly<Record<string, string>> = {
  'api/swagger.yaml': `swagger: '2.0'
info: { title: Split, version: '1' }
basePath: /split
produces: [application/json]
paths:
  /pets: { $ref: 'paths/pets.yaml' }
  /pets/{id}:
    get:
      operationId: readPet
      parameters: [{ $ref: '../shared/common.yaml#/parameters/id' }]
      responses: { '200': { description: A pet., schema: { $ref: '../shared/common.yaml#/definitions/Pet' } } }
definitions:
  Pet: { type: string }
`,
  'api/paths/pets.yaml': `parameters: [{ $ref: '../../shared/common.yaml#/parameters/tenant' }]
get:
  operationId: listPets
  responses:
    '200': { description: Pets., schema: { type: array, items: { $ref: '../../shared/common.yaml#/definitions/Pet' } } }
    default: { $ref: '../../shared/common.yaml#/responses/Problem' }
post:
  operationId: createPet
  parameters: [{ $ref: '../../shared/common.yaml#/parameters/pet' }]
  responses: { '201': { description: Created. } }
`,
  'shared/common.yaml': `definitions:
  Pet:
    type: object
    properties:
      name: { type: string, x-nullable: true }
      mother: { $ref: '#/definitions/Pet' }
      home: { $ref: 'home.json' }
parameters:
  id: { name: id, in: path, required: true, type: string }
  tenant: { name: tenant, in: query, type: array, items: { type: string } }
  pet: { name: pet, in: body, required: true, schema: { $ref: '#/definitions/Pet' } }
responses:
  Problem: { description: A problem., schema: { $ref: '#/definitions/Pet/properties/home' } }
`,
  'shared/home.json': '{ "type": "object", "properties": { "guest": { "$ref": "common.yaml#/definitions/Pet" } } }',
};
