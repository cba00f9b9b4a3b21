import {
  allEvents,
  type EventDefinition,
  type Owner,
  owners,
  services,
  streamOf,
  subjectPrefix,
} from '@gitway/contracts';
import { z } from 'zod';

/** JSON Schema (2020-12) of one event's data. */
export function schemaOf(definition: EventDefinition): Record<string, unknown> {
  return z.toJSONSchema(definition.data, { io: 'input' }) as Record<string, unknown>;
}

/** Who handles this fact: the services whose contract lists it, and those that hear everything. */
export function consumersOfFact(fact: string): Owner[] {
  return owners.filter((owner) => {
    const { consumes } = services[owner];
    return consumes === '*' || consumes.includes(fact);
  });
}

const scopeWords = { environment: '<environment>', source: '<source>', service: '<service>' };

/** `docs/events.md`: every fact, who states it, who hears it, and what it carries. */
export function eventsMarkdown(): string {
  const lines = [
    '# Events',
    '',
    '<!-- Generated from libs/contracts by `npm run generate`: do not edit. -->',
    '',
    'Every fact is a CloudEvent 1.0 in the NATS binding (binary mode): attributes are `ce-` headers, the body is JSON.',
    'Subscribe to `gitway.<owner>.<fact>.>`; the order of facts is kept within one environment, source or service.',
    'A golden message and the JSON Schema of each lie in `libs/contracts/conformance/`; the whole is described for',
    'machines in [`asyncapi.json`](asyncapi.json).',
    '',
    '| fact | stated by | heard by | when |',
    '| --- | --- | --- | --- |',
    ...allEvents.map(
      (event) =>
        `| [\`${event.fact}\`](#${event.fact}) | ${event.owner} | ${consumersOfFact(event.fact).join(', ') || '-'} | ${event.summary} |`,
    ),
    '',
  ];
  for (const event of allEvents) lines.push(...eventSection(event));
  return `${lines.join('\n').trimEnd()}\n`;
}

function eventSection(event: EventDefinition): string[] {
  const rows = fieldRows(schemaOf(event));
  return [
    `## ${event.fact}`,
    '',
    event.summary,
    '',
    `- type \`${event.type}\``,
    `- subject \`${subjectPrefix(event)}.${scopeWords[event.scope]}\` in stream \`${streamOf(event.owner)}\``,
    '',
    '| field | type | |',
    '| --- | --- | --- |',
    ...rows.map(({ field, type, note }) => `| \`${field}\` | ${type} | ${note} |`),
    '',
  ];
}

interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  format?: string;
  pattern?: string;
  maxItems?: number;
  maxLength?: number;
  additionalProperties?: JsonSchema | boolean;
}

interface Row {
  field: string;
  type: string;
  note: string;
}

function fieldRows(schema: JsonSchema, prefix = ''): Row[] {
  const rows: Row[] = [];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const optional = !(schema.required ?? []).includes(name);
    rows.push({ field: prefix + name, type: typeText(property), note: noteText(property, optional) });
    const inner = innerObject(property);
    if (inner !== undefined) rows.push(...fieldRows(inner.schema, `${prefix}${name}${inner.suffix}.`));
  }
  return rows;
}

function innerObject(schema: JsonSchema): { schema: JsonSchema; suffix: string } | undefined {
  if (schema.properties !== undefined) return { schema, suffix: '' };
  if (schema.items?.properties !== undefined) return { schema: schema.items, suffix: '[]' };
  const branch = schema.anyOf?.find((option) => option.properties !== undefined);
  return branch === undefined ? undefined : { schema: branch, suffix: '' };
}

function typeText(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' \\| ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf !== undefined) return schema.anyOf.map((option) => typeText(option)).join(' \\| ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  return schema.format ?? String(schema.type ?? 'any');
}

function noteText(schema: JsonSchema, optional: boolean): string {
  const notes = [
    ...(optional ? ['optional'] : []),
    ...(schema.maxItems === undefined ? [] : [`at most ${schema.maxItems}`]),
    ...(schema.maxLength === undefined ? [] : [`at most ${schema.maxLength} characters`]),
  ];
  return notes.join(', ');
}

/** `docs/asyncapi.json`: the same for machines, AsyncAPI 3.0. */
export function asyncApiDocument(version: string): unknown {
  const idOf = (event: EventDefinition) => event.fact.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Gitway events',
      version,
      description: 'Facts that the services of Gitway exchange over NATS JetStream. Made from libs/contracts.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      allEvents.map((event) => [
        idOf(event),
        {
          address: `${subjectPrefix(event)}.{${event.scope}}`,
          description: event.summary,
          parameters: { [event.scope]: { description: `Name of the ${event.scope} that the fact is about.` } },
          messages: { [idOf(event)]: { $ref: `#/components/messages/${idOf(event)}` } },
        },
      ]),
    ),
    operations: Object.fromEntries(
      allEvents.map((event) => [
        `on${idOf(event).replace(/^./, (letter) => letter.toUpperCase())}`,
        {
          action: 'receive',
          channel: { $ref: `#/channels/${idOf(event)}` },
          summary: event.summary,
          tags: [{ name: event.owner }],
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        allEvents.map((event) => [
          idOf(event),
          {
            name: event.type,
            title: event.fact,
            summary: event.summary,
            contentType: 'application/json',
            headers: {
              type: 'object',
              required: ['ce-specversion', 'ce-id', 'ce-type', 'ce-source', 'ce-time', 'ce-correlationid'],
              properties: {
                'ce-specversion': { const: '1.0' },
                'ce-id': { type: 'string', description: 'Unique; also the Nats-Msg-Id.' },
                'ce-type': { const: event.type },
                'ce-source': { const: `/gitway/${event.owner}` },
                'ce-time': { type: 'string', format: 'date-time' },
                'ce-correlationid': {
                  type: 'string',
                  description: 'One story, from its first cause to its last effect.',
                },
                'ce-causationid': { type: 'string', description: 'The event that caused this one.' },
                'ce-traceparent': { type: 'string', description: 'W3C trace context.' },
              },
            },
            payload: { schemaFormat: 'application/schema+json;version=draft-2020-12', schema: schemaOf(event) },
          },
        ]),
      ),
    },
  };
}
