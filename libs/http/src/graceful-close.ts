import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Makes `server.close()` end in a bounded time. Node closes the connections that are idle at that moment; neither
 * those that become idle afterwards nor those over which nothing was ever sent (browsers and HTTP clients open some
 * in advance). Requests in hand get `graceMs` to be answered.
 */
export function closeGracefully(server: Server, graceMs: number): void {
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', (request, response) => {
    unused.delete(request.socket);
    response.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  const close = server.close.bind(server);
  server.close = (callback) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    force.unref();
    server.once('close', () => clearTimeout(force));
    close(callback);
    for (const socket of unused) socket.destroy();
    return server;
  };
}
