import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deployed } from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { usePlatform } from './testing/use-platform.ts';

interface Span {
  service: string;
  name: string;
  traceId: string;
}

const spans: Span[] = [];
let collector: Server;

/** The part of OTLP/HTTP JSON that is looked at. https://opentelemetry.io/docs/specs/otlp/#otlphttp */
interface OtlpTraces {
  resourceSpans?: {
    resource?: { attributes?: { key: string; value: { stringValue?: string } }[] };
    scopeSpans?: { spans?: { name: string; traceId: string }[] }[];
  }[];
}

function collect(body: OtlpTraces): void {
  for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
    const service = resource?.attributes?.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    for (const scope of scopeSpans ?? []) {
      for (const span of scope.spans ?? []) spans.push({ service, name: span.name, traceId: span.traceId });
    }
  }
}

beforeAll(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') collect(JSON.parse(Buffer.concat(chunks).toString('utf8')) as OtlpTraces);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  collector?.close();
});

const e2e = usePlatform({
  env: () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` }),
});

describe('with an OpenTelemetry collector', () => {
  it('shows one trace from the webhook to the live gateway', async () => {
    await e2e.copy().edit('apis/comics/api.yaml', (text) => text.replace(/basePath: \S+/, 'basePath: /traced'));
    const { commit } = await e2e.copy().push('comics: move');
    const event = await e2e.feed().until(deployed, (data) => data.commit === commit && data.environment === 'staging', {
      timeoutMs: 30_000,
    });
    const traceId = event.traceparent?.split('-')[1];
    expect(traceId).toBeDefined();
    const path = ['git-watcher', 'validator', 'deployer', 'agent-staging-edge', 'notifier'];
    const services = () => new Set(spans.filter((span) => span.traceId === traceId).map(({ service }) => service));
    await waitFor(() => path.every((service) => services().has(service)), {
      timeoutMs: 20_000,
      message: () => `spans of ${path.join(', ')} in trace ${traceId}; there are ${[...services()].join(', ')}`,
    });
    const names = spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
    expect(names.some((name) => name.startsWith('POST'))).toBe(true);
    expect(names.some((name) => name.startsWith('pg'))).toBe(true);
  });
});
