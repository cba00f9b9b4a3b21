import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what systems hand out for outgoing connections: with thousands of calls under way, one of those may have any port there. */
const LEAST = 18_000;
const MOST = 31_999;
const given = new Set<number>();

/** A port that nobody listens on, and that no outgoing connection will be given until a gateway does. */
export async function quietPort(): Promise<number> {
  for (;;) {
    const port = LEAST + Math.floor(Math.random() * (MOST - LEAST));
    if (given.has(port)) continue;
    given.add(port);
    const server = createServer();
    const listening = await Promise.race([
      once(server.listen({ port, host: '127.0.0.1', exclusive: true }), 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]).catch(() => false);
    if (!listening) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
