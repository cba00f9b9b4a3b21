import type { EffectivePolicy } from '@gitway/contracts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { request, type Rule } from '../rule.ts';

type Timeouts = EffectivePolicy['timeouts'];

/** Calls whose answer is a stream: those that say so in the request. */
const STREAMS = ['req.fhdr(accept) -m sub -i text/event-stream', 'req.fhdr(content-type) -m beg -i application/grpc'];

/**
 * How long is waited. HAProxy has one clock for an upstream's first byte and for its silence in between, so a stream
 * has to be known by its request to be given a longer silence.
 */
export const timeouts: Policy = {
  capabilities: [
    native('api policy.timeouts.connectMs', '`timeout connect`, one for all operations'),
    native('api policy.timeouts.requestMs', '`timeout server`: also the longest silence within an answer'),
    native(
      'api policy.timeouts.idleMs',
      '`timeout tunnel` for WebSockets (else an hour); for server-sent events (`Accept`) and gRPC `timeout server`, their first byte as well',
    ),
  ],
  check(api, on) {
    checkTimeouts(api.policy.timeouts, 'policy.timeouts', on);
    for (const [id, { timeouts: own }] of Object.entries(api.policy.operations ?? {})) {
      if (own === undefined) continue;
      checkTimeouts(own, `policy.operations.${id}.timeouts`, on);
      on.require(
        own.connectMs === api.policy.timeouts.connectMs,
        `policy.operations.${id}.timeouts.connectMs`,
        'cannot differ from operation to operation; leave it at the time of the API',
      );
    }
  },
  contribute(scope) {
    const own = scope.api.policy.timeouts;
    return {
      settings: [
        `timeout connect ${own.connectMs}`,
        // Whoever waits for a turn waits for a connection.
        ...(scope.api.pools.some(({ maxConnections }) => maxConnections !== undefined)
          ? [`timeout queue ${own.connectMs}`]
          : []),
        `timeout server ${own.requestMs}`,
        ...(own.idleMs === undefined ? [] : [`timeout tunnel ${own.idleMs}`]),
      ],
      rules: [
        ...scope
          .each(({ policy }) => policy.timeouts.requestMs)
          .filter(({ value }) => value !== own.requestMs)
          .map(({ value, when }) => request('forward', `set-timeout server ${value}`, ...when)),
        ...scope
          .each(({ policy }) => policy.timeouts.idleMs ?? null)
          .filter(({ value }) => value !== (own.idleMs ?? null))
          .map(({ value, when }) => request('forward', `set-timeout tunnel ${value ?? 3_600_000}`, ...when)),
      ],
    };
  },
};

/** Comes last of all that sets the clock: a stream is not cut by what is meant for an answer. */
export const streams: Policy = {
  capabilities: [],
  contribute: (scope) => ({
    rules: scope
      .each(({ policy }) => policy.timeouts)
      .flatMap(({ value, when }): Rule[] =>
        value.idleMs === undefined
          ? []
          : STREAMS.map((stream) => request('forward', `set-timeout server ${value.idleMs}`, ...when, `{ ${stream} }`)),
      ),
  }),
};

function checkTimeouts({ connectMs, requestMs, idleMs }: Timeouts, field: string, on: Checker): void {
  on.time(connectMs, `${field}.connectMs`);
  on.time(requestMs, `${field}.requestMs`);
  if (idleMs !== undefined) on.time(idleMs, `${field}.idleMs`);
}
