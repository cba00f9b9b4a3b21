import { describe, expect, it } from '@jest/globals';
import { shop, split } from '../../testing/swagger-documents.ts';
import { convert, lint } from '../../testing/convert-swagger.ts';

describe('a Swagger 2.0 document as OpenAPI 3.0', () => {
  const { value } = convert({ 'shop.yaml': shop });
  const at = (pointer: string) =>
    pointer
      .split('/')
      .slice(1)
      .reduce<unknown>((of, step) => (of as Record<string, unknown>)[step.replaceAll('~1', '/')], value);

  it('has the structure that OpenAPI demands', async () => {
    expect(await lint({ 'shop.yaml': shop })).toEqual([]);
    expect(await lint(split)).toEqual([]);
  });

  it('says how lists are written, and gives parameters a schema', () => {
    expect(at('/paths/~1orders/get/parameters')).toEqual([
      {
        name: 'status',
        in: 'query',
        style: 'form',
        explode: true,
        schema: { type: 'array', items: { type: 'string', enum: ['open', 'paid'] } },
      },
      {
        name: 'ids',
        in: 'query',
        style: 'pipeDelimited',
        explode: false,
        schema: { type: 'array', items: { type: 'integer', format: 'int64' }, maxItems: 50 },
      },
      {
        name: 'limit',
        in: 'query',
        allowEmptyValue: true,
        schema: { type: 'integer', default: 20, maximum: 100, exclusiveMaximum: true },
      },
    ]);
    expect(at('/paths/~1orders/parameters')).toEqual([{ $ref: '#/components/parameters/tenant' }]);
  });

  it('puts bodies and forms into request bodies, in the media types of the operation', () => {
    const schema = { $ref: '#/components/schemas/Order' };
    expect(at('/paths/~1orders/post/requestBody')).toEqual({
      required: true,
      description: 'The order.',
      content: { 'application/json': { schema }, 'application/xml': { schema } },
    });
    expect(at('/paths/~1orders~1{id}~1receipt/put/requestBody')).toEqual({
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: {
              file: { type: 'string', format: 'binary', description: 'The scan.' },
              labels: { type: 'array', items: { type: 'string' } },
              note: { type: 'string' },
            },
            required: ['file'],
          },
          encoding: { labels: { style: 'form', explode: true } },
        },
      },
    });
    expect(at('/paths/~1login/post/requestBody/content')).toMatchObject({
      'application/x-www-form-urlencoded': {
        schema: { properties: { user: { type: 'string', minLength: 3 }, remember: { default: false } } },
      },
    });
    expect(at('/components/requestBodies/patch/content/application~1xml/schema')).toEqual(schema);
  });

  it('puts what is answered under its media types: those of the operation before those of the document', () => {
    expect(at('/paths/~1orders/get/responses/200')).toEqual({
      description: 'Orders.',
      headers: { 'X-Total': { description: 'How many.', schema: { type: 'integer', format: 'int32' } } },
      content: {
        'application/json': {
          schema: { type: 'array', items: { $ref: '#/components/schemas/Order' } },
          example: [{ id: 1, kind: 'order' }],
        },
        'text/csv': { schema: { type: 'array', items: { $ref: '#/components/schemas/Order' } } },
      },
    });
    expect(Object.keys(at('/paths/~1orders/get/responses/default/content') as object)).toEqual([
      'application/json',
      'text/csv',
    ]);
    expect(at('/paths/~1orders/post/responses/400')).toEqual({ $ref: '#/components/responses/Problem' });
    expect(at('/paths/~1orders~1{id}~1receipt/get/responses/200/content')).toEqual({
      'application/pdf': { schema: { type: 'string', format: 'binary' } },
    });
  });

  it('takes schemas, security and servers over', () => {
    expect(at('/components/schemas/Order')).toMatchObject({
      discriminator: { propertyName: 'kind' },
      properties: {
        note: { type: 'string', nullable: true },
        parent: { $ref: '#/components/schemas/Order' },
        extra: { additionalProperties: { $ref: '#/components/schemas/Problem' } },
      },
    });
    expect(at('/components/securitySchemes')).toMatchObject({
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      basic: { type: 'http', scheme: 'basic', description: 'Old.' },
      oauth: { type: 'oauth2', flows: { authorizationCode: { scopes: { 'orders:write': 'Writes orders.' } } } },
      machine: { flows: { clientCredentials: { tokenUrl: 'https://id.example.com/t' } } },
      page: { flows: { implicit: {} } },
      direct: { flows: { password: {} } },
    });
    expect(at('/servers')).toEqual([{ url: 'https://api.example.com/shop' }, { url: 'http://api.example.com/shop' }]);
    expect(at('/paths/~1orders/post/servers')).toEqual([{ url: 'https://api.example.com/shop' }]);
    expect(Object.keys(value).sort()).toEqual(
      ['openapi', 'info', 'tags', 'security', 'paths', 'servers', 'components'].sort(),
    );
  });
});

describe('a Swagger 2.0 document over several files', () => {
  it('is one document, with what it refers to under a name of its own', () => {
    const { value } = convert(split);
    expect(value).toMatchObject({
      servers: [{ url: '/split' }],
      paths: {
        '/pets': {
          parameters: [{ $ref: '#/components/parameters/tenant' }],
          get: { responses: { '200': { content: { 'application/json': { schema: { type: 'array' } } } } } },
          post: {
            requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet_2' } } } },
          },
        },
      },
      components: {
        schemas: {
          Pet: { type: 'string' },
          Pet_2: { properties: { name: { nullable: true }, mother: { $ref: '#/components/schemas/Pet_2' } } },
          home: { $ref: '#/components/schemas/home_2' },
          home_2: { properties: { guest: { $ref: '#/components/schemas/Pet_2' } } },
        },
        parameters: { tenant: { style: 'form', explode: false } },
      },
    });
  });

  it('says where everything came from', () => {
    const { origin } = convert(split);
    const schema = ['paths', '/pets', 'post', 'requestBody', 'content', 'application/json', 'schema', '$ref'];
    expect(origin(schema)).toEqual({ file: 'shared/common.yaml', pointer: ['parameters', 'pet', 'schema', '$ref'] });
    expect(origin(['components', 'schemas', 'Pet_2', 'properties', 'name', 'nullable'])).toEqual({
      file: 'shared/common.yaml',
      pointer: ['definitions', 'Pet', 'properties', 'name', 'x-nullable'],
    });
    expect(origin(['components', 'schemas', 'Pet', 'type'])).toEqual({
      file: 'api/swagger.yaml',
      pointer: ['definitions', 'Pet', 'type'],
    });
    expect(origin(['paths', '/pets', 'get', 'nothing'])).toEqual({ file: 'api/paths/pets.yaml', pointer: ['get'] });
    expect(origin(['openapi'])).toEqual({ file: 'api/swagger.yaml', pointer: ['swagger'] });
  });
});
