import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { CertificateName } from '../case.ts';
import { certificateOf } from './certificates.ts';

export interface TlsWanted {
  /** The name that is asked for. */
  readonly name: string;
  readonly certificate?: CertificateName;
  readonly version?: '1.2' | '1.3';
  /** HTTP/2 is asked for. */
  readonly http2?: boolean;
}

export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly from?: string;
  readonly tls?: TlsWanted;
}

/** Errors are told to whoever listens, and to nobody once the answer has come. Whom a gateway is that shows a certificate is compared by the cases, so every certificate is taken. */
export function connectionOf(to: Destination): Socket {
  return opened(to).on('error', () => undefined);
}

function opened({ host, port, from, tls }: Destination): Socket {
  const to = { host, port, ...(from === undefined ? {} : { localAddress: from }) };
  if (tls === undefined) return connect(to);
  const { certificate: cert, key } =
    tls.certificate === undefined ? ({} as { certificate?: string; key?: string }) : certificateOf(tls.certificate);
  const version = tls.version === undefined ? undefined : (`TLSv${tls.version}` as const);
  const socket = connectTls({
    ...to,
    servername: tls.name,
    rejectUnauthorized: false,
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
    ALPNProtocols: tls.http2 === true ? ['h2'] : ['http/1.1'],
  });
  return socket.once('secureConnect', () => {
    const { CN: name } = socket.getPeerCertificate().subject;
    if (typeof name === 'string') names.set(socket, name);
  });
}

/** Of the certificates that were shown: once a connection has ended, it cannot be asked any more. */
const names = new WeakMap<object, string>();

export function certificateShown(socket: object): { certificate?: string } {
  const name = names.get(socket);
  return name === undefined ? {} : { certificate: name };
}
