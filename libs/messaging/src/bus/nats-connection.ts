import { connect, type NatsConnection } from '@nats-io/transport-node';
import { logger } from '@gitway/observability';

export interface NatsOptions {
  readonly url: string;
  readonly user: string;
  /** Left out for a server without users: the name then only labels the connection and its inbox. */
  readonly password?: string | undefined;
}

/** Replies go to an inbox of the user's own, so that permissions can keep others from listening there. */
export const inboxPrefixOf = (user: string) => `_INBOX_${user}`;

const log = logger('nats');

/** Connects and stays connected: waits for a server that is not there yet, and comes back after every loss. */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const connection = await connect({
    servers: options.url.split(',').map((url) => url.trim()),
    ...(options.password === undefined ? {} : { user: options.user, pass: options.password }),
    name: options.user,
    inboxPrefix: inboxPrefixOf(options.user),
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    pingInterval: 10_000,
    maxPingOut: 2,
  });
  void watch(connection);
  return connection;
}

async function watch(connection: NatsConnection): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'error') log.error({ reason: status.error.message }, 'NATS reported an error');
    else if (status.type === 'disconnect') log.warn('lost the connection to NATS; reconnecting');
    else if (status.type === 'reconnect') log.info('reconnected to NATS');
  }
}
