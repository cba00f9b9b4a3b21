import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Delivery {
  readonly at: string;
  /** Whether the signature is that of the shared secret. */
  readonly signed: boolean;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const MAX_BODY_BYTES = 1024 * 1024;
const KEPT = 500;

/**
 * A receiver of notifications for one machine: `POST` anything, `GET /deliveries` gives the newest last. Deliveries
 * whose signature is wrong are refused with 401 and kept, marked so.
 *
 * @param file JSON lines, appended to
 */
export function createInbox(secret: string, file: string | null): Server {
  const kept: Delivery[] = [];
  return createServer((request, response) => {
    if (request.method === 'GET') {
      answer(response, 200, { items: kept });
      return;
    }
    readBody(request).then(
      (raw) => {
        const delivery = deliveryOf(request, raw, secret);
        kept.push(delivery);
        if (kept.length > KEPT) kept.shift();
        if (file !== null) appendFileSync(file, `${JSON.stringify(delivery)}\n`, { mode: 0o600 });
        answer(response, delivery.signed ? 204 : 401, null);
      },
      () => answer(response, 413, null),
    );
  });
}

function deliveryOf(request: IncomingMessage, raw: Buffer, secret: string): Delivery {
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  let body: unknown = raw.toString('utf8');
  try {
    body = JSON.parse(raw.toString('utf8'));
  } catch {
    // Kept as text.
  }
  return { at: new Date().toISOString(), signed: isSigned(headers, raw, secret), headers, body };
}

/** Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over `<id>.<timestamp>.<body>`, base64, `v1,` in front. */
function isSigned(headers: Record<string, string>, raw: Buffer, secret: string): boolean {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(raw).digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === null ? undefined : JSON.stringify(body));
}
