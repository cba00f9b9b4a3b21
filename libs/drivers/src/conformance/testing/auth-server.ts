import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { KeyName } from '../case.ts';
import { jwk } from './tokens.ts';

export const INTROSPECTION_CLIENT = 'gateway';
export const INTROSPECTION_SECRET = 'conformance-secret';

/**
 * Decides for gateways. `/jwks/<key>,<key>`: these public keys of the suite (RFC 7517). `/introspect` (RFC 7662): the token is `on.<caller>.<scope>+<scope>` or anything else, which is
 * not active. `/decide`: answers with the status that the header `x-decide` names, and 401 without it; a 200 carries
 * `x-decided-for`, and what it was asked with in `x-asked-with`.
 */
export async function startAuthServer(): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((asked, answer) => void decide(asked, answer));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const asked = new Map<string, number>();

async function decide(request: IncomingMessage, answer: ServerResponse): Promise<void> {
  let body = '';
  for await (const piece of request) body += (piece as Buffer).toString('utf8');
  if (request.url?.startsWith('/introspect') === true) {
    const credentials = Buffer.from(`${INTROSPECTION_CLIENT}:${INTROSPECTION_SECRET}`).toString('base64');
    if (request.headers.authorization !== `Basic ${credentials}`) return void answer.writeHead(401).end();
    const token = new URLSearchParams(body).get('token') ?? '';
    const times = (asked.get(token) ?? 0) + 1;
    asked.set(token, times);
    const [state, caller, scopes = ''] = token.split('.');
    // A token that is on but once shows whether its state was kept.
    const active = state === 'on' || (state === 'once' && times === 1);
    answer.setHeader('content-type', 'application/json');
    return void answer.end(
      JSON.stringify(
        active ? { active, sub: caller, client_id: caller, scope: scopes.replaceAll('+', ' ') } : { active },
      ),
    );
  }
  const keys = /^\/jwks\/([\w,-]+)$/.exec(request.url ?? '')?.[1];
  if (keys !== undefined) {
    answer.setHeader('content-type', 'application/jwk-set+json');
    return void answer.end(JSON.stringify({ keys: keys.split(',').map((key) => jwk(key as KeyName)) }));
  }
  const status = Number(request.headers['x-decide'] ?? 401);
  if (status === 0) return;
  answer.setHeader('x-decided-for', 'alice');
  answer.setHeader('x-asked-with', Object.keys(request.headers).sort().join(','));
  answer.writeHead(status).end();
}
