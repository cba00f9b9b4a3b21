/** Documents that rulesets find much in, by path; `shared/` is what others refer to. */
export const documents: Readonly<Record<string, string>> = {
  'api/shop.yaml': `openapi: 3.0.3
info:
  title: shop
  version: v1
  description: "Orders and customers. TODO: say more"
servers:
  - { url: "http://api.example.com/shop/" }
  - { url: https://api.example.com/v1 }
tags: [{ name: orders }, { name: Customers }, { name: customers }]
security: [{ oauth: [read] }]
paths:
  /Orders:
    get:
      operationId: list_orders
      tags: [orders, Orders]
      summary: list orders.
      parameters:
        - { name: PageSize, in: query, schema: { type: integer } }
        - { name: q, in: query, description: what to look for, schema: { type: string }, example: a }
        - { $ref: "#/components/parameters/Offset" }
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: { type: array, items: { $ref: "#/components/schemas/Order" } }
        default: { $ref: "#/components/responses/Problem" }
    post:
      operationId: createOrder
      security: []
      requestBody:
        content: { application/xml: { schema: { $ref: "#/components/schemas/Order" } } }
      responses:
        "201": { description: created, headers: { x-request-id: { schema: { type: string } } } }
        "400": { description: bad, content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
  /orders/{order_id}/:
    parameters: [{ name: order_id, in: path, required: true, schema: { type: string, format: uuid } }]
    get:
      responses: { "200": { description: ok }, "404": { $ref: "#/components/responses/Problem" } }
    delete:
      operationId: deleteOrder
      deprecated: true
      requestBody: { content: {} }
      responses: { "204": { description: gone } }
  /customers/{id}/getPassword:
    get:
      operationId: getPassword
      tags: [customers]
      description: |
        Tells the password.
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses:
        "200": { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/customer_record" } } } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { implicit: { authorizationUrl: "http://login.example.com", scopes: { read: all } } } }
    key: { type: apiKey, in: query, name: key }
  parameters:
    Offset: { name: offset, in: query, schema: { type: integer, minimum: 0 } }
    Unused: { name: unused, in: header, schema: { type: string } }
  responses:
    Problem: { description: "went wrong", content: { text/plain: { schema: { type: string } } } }
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: { type: string }
        Total_Amount: { type: number, format: double }
        created: { type: string, format: date }
        state: { type: string, enum: [open, PAID, shipped, cancelled] }
        next: { $ref: "#/components/schemas/Order" }
        customer: { $ref: "#/components/schemas/customer_record" }
    customer_record:
      type: object
      properties:
        zip: { type: string, minLength: 3, maxLength: 1 }
        name: { type: string, example: "" }
        tags: { type: array, items: { type: string } }
        last_order: { $ref: "#/components/schemas/Order" }
        same: { $ref: "#/components/schemas/Alias" }
        level: { type: integer, enum: [1, "two", 3] }
    Error: { type: object, properties: { code: { type: integer }, message: { type: string } } }
    Alias: { $ref: "#/components/schemas/Error" }
    Orphan: { type: string }
`,
  'api/v2/events.yaml': `openapi: 3.1.0
info: { title: Events API, version: 2.1.0, contact: { name: team, email: not-an-address }, license: { name: MIT } }
servers: [{ url: "https://events.example.com" }]
webhooks:
  onEvent: { post: { operationId: on_event, responses: { "200": { description: taken } } } }
paths:
  /events:
    get:
      operationId: listEvents
      summary: List events
      tags: [events]
      parameters:
        - { name: limit, in: query, description: how many, schema: { type: integer, maximum: 5000 } }
        - { name: cursor, in: query, schema: { type: [string, "null"] } }
      responses:
        "200": { description: ok, content: { application/json: { schema: { $ref: "../../shared/schemas.yaml#/Page" } } } }
        "429": { description: slow down }
  "/events/{eventId}/items":
    get:
      operationId: listEvents
      summary: ""
      parameters: [{ name: eventId, in: path, required: true, schema: { type: string } }]
      responses:
        "200": { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Event" } } } }
components:
  schemas:
    Event:
      type: object
      additionalProperties: true
      properties:
        at: { type: string, format: date-time }
        kind: { const: event }
        Payload: { $ref: "../../shared/schemas.yaml#/Payload" }
        note: { type: [string, "null"], examples: [null] }
    unusedThing: { type: object }
`,
  'api/legacy.yaml': `swagger: "2.0"
info: { title: Legacy, version: "1" }
host: legacy.example.com
basePath: /api/
schemes: [http, https]
paths:
  /getUsers:
    get:
      operationId: Get-Users
      produces: [text/xml]
      parameters:
        - { name: Filter, in: query, type: string }
        - { name: body, in: body, schema: { $ref: "#/definitions/User" } }
      responses: { "200": { description: ok, schema: { type: array, items: { $ref: "#/definitions/User" } } } }
definitions:
  User: { type: object, properties: { First_Name: { type: string }, age: { type: integer, enum: [1, a] } } }
  spare: { type: object }
`,
  'shared/schemas.yaml': `Page:
  type: object
  properties:
    Items: { type: array, items: { $ref: "#/Payload" } }
    next_cursor: { type: string }
Payload:
  type: object
  properties:
    Raw_Body: { type: string, description: "TODO" }
`,
};
