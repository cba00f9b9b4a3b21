import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Requests and answers as bytes, for what no HTTP client would send and no HTTP server would show. */
export interface WireUpstream {
  readonly port: number;
  /** Heads of the requests as they arrived, in order. */
  readonly heads: string[];
  close(): Promise<void>;
}

const endOfHead = '\r\n\r\n';

/** RFC 6455, 4.2.2. */
const acceptOf = (head: string) => {
  const key = /^sec-websocket-key: (.+)$/im.exec(head)?.[1] ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
};

/** Answers 200 to whatever comes; a head that asks for a WebSocket gets 101, and then its own bytes back. */
export async function startWireUpstream(): Promise<WireUpstream> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    let tunnel = false;
    socket.on('error', () => socket.destroy());
    socket.setEncoding('latin1').on('data', (piece: string) => {
      if (tunnel) return void socket.write(piece, 'latin1');
      text += piece;
      for (let end = text.indexOf(endOfHead); end >= 0 && !tunnel; end = text.indexOf(endOfHead)) {
        const head = text.slice(0, end);
        text = text.slice(end + endOfHead.length);
        heads.push(head);
        tunnel = /^upgrade: websocket$/im.test(head);
        socket.write(
          tunnel
            ? `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(head)}\r\n\r\n`
            : 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
        );
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heads,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends the lines as a head, then each further text once `expected` of the text before was read; answers all that came. */
export async function wireCall(
  port: number,
  lines: readonly string[],
  talk: readonly { send: string; until: string }[] = [],
): Promise<{ status: number; text: string }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let failure: Error | undefined;
  socket.setTimeout(5000, () => socket.destroy(new Error('no answer within 5 s')));
  socket.on('error', (error) => (failure = error));
  socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
  const reads = async (part: string) => {
    while (!text.includes(part)) {
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      if (failure !== undefined) throw failure;
      if (socket.destroyed && !text.includes(part)) throw new Error(`closed before ${JSON.stringify(part)}: ${text}`);
    }
  };
  socket.write(`${lines.join('\r\n')}${endOfHead}`, 'latin1');
  await reads(endOfHead);
  for (const { send, until } of talk) {
    socket.write(send, 'latin1');
    await reads(until);
  }
  socket.destroy();
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), text };
}
