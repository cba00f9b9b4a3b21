import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { connectionOf, type Destination } from './connection.ts';
import { wireCall, type WireAnswer } from './http1-client.ts';

/** One API under load. */
export interface LoadTarget {
  readonly name: string;
  readonly host: string;
  /** `GET /path`. */
  readonly line: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * What an answer shows of the revision that made it, by each of its parts (a header, the pool, the path that arrived):
   * an answer of one revision shows one. Null: the answer is wrong.
   */
  revisions(answer: WireAnswer): readonly string[] | null;
}

export interface LoadResult {
  readonly calls: number;
  readonly connections: number;
  /** No whole answer: why, of each. */
  readonly failed: readonly string[];
  /** Answers that no revision gives. */
  readonly wrong: readonly string[];
  /** Answers of more than one revision. */
  readonly mixed: readonly string[];
  /** Target → revisions in the order in which they were first seen. */
  readonly seen: ReadonlyMap<string, readonly string[]>;
}

export interface LoadOptions {
  readonly to: Destination;
  readonly targets: readonly LoadTarget[];
  /** Connections that are kept and used again and again. */
  readonly kept?: number;
  /** Callers that open a connection for each call. */
  readonly fresh?: number;
}

export interface Load {
  /** Until now. */
  readonly result: LoadResult;
  stop(): Promise<LoadResult>;
}

/** Calls all targets in turn, without a pause, until it is stopped. Nothing is sent twice: what fails is counted. */
export function startLoad({ to, targets, kept = 8, fresh = 4 }: LoadOptions): Load {
  const seen = new Map<string, string[]>();
  const failed: string[] = [];
  const wrong: string[] = [];
  const mixed: string[] = [];
  const result = { calls: 0, connections: 0, failed, wrong, mixed, seen };
  let stopped = false;
  const open = async (): Promise<Socket> => {
    const socket = connectionOf(to);
    result.connections += 1;
    await once(socket, to.tls === undefined ? 'connect' : 'secureConnect');
    return socket;
  };
  const judge = (target: LoadTarget, answer: WireAnswer) => {
    const revisions = target.revisions(answer);
    if (revisions === null) return void wrong.push(`${target.name}: ${answer.status} ${answer.body.slice(0, 200)}`);
    const different = [...new Set(revisions)];
    if (different.length > 1) mixed.push(`${target.name}: ${different.join(', ')}`);
    const known = seen.get(target.name) ?? [];
    for (const revision of different) if (!known.includes(revision)) known.push(revision);
    seen.set(target.name, known);
  };
  const caller = async (first: number, keeps: boolean) => {
    let socket: Socket | null = null;
    for (let index = first; !stopped; index += 1) {
      const target = targets[index % targets.length]!;
      // Closed while nothing was asked over it.
      if (socket?.destroyed === true || socket?.readableEnded === true) socket = null;
      const kind = keeps && socket !== null ? 'kept' : 'new';
      try {
        socket ??= await open();
        const answer = await wireCall({
          ...to,
          socket,
          bytes: bytesOf(target, keeps),
          method: target.line.split(' ')[0]!,
        });
        judge(target, answer);
        const over = answer.headers.some(([name, value]) => name === 'connection' && value.toLowerCase() === 'close');
        if (!keeps || over) {
          socket.destroy();
          socket = null;
        }
      } catch (error) {
        failed.push(
          `${target.name} on a ${kind} connection: ${error instanceof Error ? error.message : String(error)}`,
        );
        socket?.destroy();
        socket = null;
      }
      result.calls += 1;
      // Others of this process (upstreams among them) have their turn.
      await turn();
    }
    socket?.destroy();
  };
  const callers = Array.from({ length: kept + fresh }, (_, index) => caller(index, index < kept));
  return {
    result,
    stop: async () => {
      stopped = true;
      await Promise.all(callers);
      return result;
    },
  };
}

function bytesOf({ host, line, headers = {} }: LoadTarget, keeps: boolean): string {
  const all = { Host: host, ...headers, ...(keeps ? {} : { Connection: 'close' }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`${line} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}
