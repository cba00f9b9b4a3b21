import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';

export type WebAnswer = string | ((request: IncomingMessage, response: ServerResponse) => void);

/** A web server of the specs, on a port of its own. What it has no answer for is 404. */
export function useWebServer() {
  let server: Server;
  const asked: IncomingMessage[] = [];
  let answers: Record<string, WebAnswer> = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      const answer = Object.hasOwn(answers, request.url ?? '') ? answers[request.url ?? ''] : undefined;
      if (typeof answer === 'function') return answer(request, response);
      response.statusCode = answer === undefined ? 404 : 200;
      response.end(answer ?? 'nothing here');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    asked.length = 0;
    answers = {};
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    /** With its port: `127.0.0.1:40123`. */
    host,
    port: () => (server.address() as AddressInfo).port,
    url: (path: string) => `http://${host()}${path}`,
    /** By path, until the next test. */
    answer: (more: Record<string, WebAnswer>) => Object.assign(answers, more),
    asked,
    paths: () => asked.map(({ url }) => url),
  };
}

export const redirectTo =
  (location: string, status = 302): WebAnswer =>
  (_, response) => {
    response.writeHead(status, { location }).end();
  };
