import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The fact, as CloudEvents JSON has it. */
  readonly event: { id: string; type: string; data: Record<string, unknown>; [attribute: string]: unknown };
}

/** A receiver of webhooks, as a customer would run one. */
export async function startReceiver() {
  const received: Received[] = [];
  let answer: (
    request: Received,
  ) => { status: number; headers?: Record<string, string>; body?: string } | 'hang' = () => ({
    status: 204,
  });
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one: Received = { headers: request.headers, body, event: JSON.parse(body) as Received['event'] };
      const reply = answer(one);
      received.push(one);
      if (reply === 'hang') return;
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    /** How every later request is answered. */
    answerWith(next: typeof answer): void {
      answer = next;
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
