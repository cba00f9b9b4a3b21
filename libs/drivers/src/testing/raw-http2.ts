import { connect } from 'node:tls';

const ANSWER_WITHIN_MS = 3000;
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

export type RawHeader = readonly [name: string, value: string];

const [DATA, HEADERS, SETTINGS] = [0, 1, 4];
const [END_STREAM, END_HEADERS, ACK] = [0x1, 0x4, 0x1];
const RST_STREAM = 3;
const GOAWAY = 7;

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** RFC 7541, 6.2.2 and 5.2: a literal that is not indexed, without Huffman coding. */
function literal([name, value]: RawHeader): Buffer {
  const text = (given: string) => {
    const bytes = Buffer.from(given, 'latin1');
    const length = bytes.length < 127 ? [bytes.length] : [127, ...rest(bytes.length - 127)];
    return Buffer.concat([Buffer.from(length), bytes]);
  };
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}
const rest = (left: number): number[] => (left < 128 ? [left] : [(left & 127) | 128, ...rest(left >> 7)]);

/**
 * One request over HTTP/2 and TLS as no HTTP client would send it: headers go out as they are given.
 * @returns how it ended: the head of an answer was read, the stream or the connection was ended, or nothing came
 */
export function rawHttp2Call(
  port: number,
  headers: readonly RawHeader[],
  body?: string,
): Promise<'answered' | 'refused' | 'silent'> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    const timer = setTimeout(() => end('silent'), ANSWER_WITHIN_MS);
    const end = (outcome: 'answered' | 'refused' | 'silent') => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    let bytes = Buffer.alloc(0);
    socket.on('error', () => end('refused')).on('close', () => end('refused'));
    socket.on('data', (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece]);
      while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
        const [type, flags] = [bytes[3], bytes[4] ?? 0];
        bytes = bytes.subarray(9 + bytes.readUIntBE(0, 3));
        if (type === SETTINGS && (flags & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
        if (type === HEADERS) return end('answered');
        if (type === RST_STREAM || type === GOAWAY) return end('refused');
      }
    });
    socket.on('secureConnect', () => {
      const flags = END_HEADERS | (body === undefined ? END_STREAM : 0);
      const head = frame(HEADERS, flags, 1, Buffer.concat(headers.map(literal)));
      socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0, Buffer.alloc(0)), head]));
      if (body !== undefined) socket.write(frame(DATA, END_STREAM, 1, Buffer.from(body, 'latin1')));
    });
  });
}
