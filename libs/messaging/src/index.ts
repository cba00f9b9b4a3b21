export { type ConsumerRef, type Delivery, type Message, MessageBus, type Subscription } from './bus/message-bus.ts';
export { JetStreamBus } from './bus/jetstream-bus.ts';
export { InMemoryMessageBus } from './bus/memory-bus.ts';
export { connectNats, type NatsOptions } from './bus/nats-connection.ts';
export { decodeEvent, encodeEvent } from './envelope/codec.ts';
export { messagingMigrations } from './outbox/migration.ts';
export { type Commit, type Tx, UnitOfWork } from './outbox/unit-of-work.ts';
export { OutboxRelay, type RelayOptions } from './outbox/relay.ts';
export { Inbox } from './outbox/inbox.ts';
export { BusFactPublisher, FactPublisher, InMemoryFactPublisher } from './outbox/fact-publisher.ts';
export { Dispatcher, type DispatchOptions } from './dispatch/dispatcher.ts';
export { deadLetterOf, readEvent } from './dispatch/readers.ts';
export { isInfrastructureAway } from './dispatch/retry-policy.ts';
export { KeyedQueue } from './dispatch/keyed-queue.ts';
export { OnAnyFact, OnDeadLetter, OnFact, OnTraffic } from './nest/decorators.ts';
export { BusTransport } from './nest/transport.ts';
export { ArtifactStore, inParallel } from './artifacts/artifact-store.ts';
export { InMemoryArtifactStore } from './artifacts/memory-artifact-store.ts';
export { NatsArtifactStore } from './artifacts/nats-artifact-store.ts';
export { GatewayStates, type StopWatching } from './gateway-states/gateway-states.ts';
export { InMemoryGatewayStates } from './gateway-states/memory-gateway-states.ts';
export { NatsGatewayStates } from './gateway-states/nats-gateway-states.ts';
export { BusTrafficLog, InMemoryTrafficLog, TrafficLog } from './traffic/traffic-log.ts';
export {
  ADMIN_USER,
  natsAuthorization,
  type NatsPasswords,
  natsServerConfig,
  type NatsServerOptions,
  permissionsOf,
} from './provision/permissions.ts';
export { provisionMessaging, type ProvisionOptions } from './provision/provision.ts';
export { consumersOf, streamPlans } from './provision/topology.ts';
