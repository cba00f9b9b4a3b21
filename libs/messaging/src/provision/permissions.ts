import {
  artifactBucket,
  type ArtifactKind,
  artifactOwners,
  ARTIFACTS_BUCKET,
  COMPILED_BUCKET,
  DEAD_LETTER_STREAM,
  eventsOwnedBy,
  GATEWAYS_BUCKET,
  largeArtifactsBucket,
  type Owner,
  owners,
  services,
  subjectPrefix,
} from '@gitway/contracts';
import { inboxPrefixOf } from '../bus/nats-connection.ts';
import { consumersOf } from './topology.ts';

export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The user that provisions streams and consumers. */
export const ADMIN_USER = 'gitway-admin';

/** Exactly what one service needs, from the catalogue of events and the table of services. */
export function permissionsOf(service: Owner): Permissions {
  const publish = new Set<string>([
    ...eventsOwnedBy(service).map((definition) => `${subjectPrefix(definition)}.>`),
    `gitway.dead.${service}.>`,
    `$JS.API.DIRECT.GET.${DEAD_LETTER_STREAM}`,
  ]);
  for (const { stream, durable } of consumersOf(service)) {
    publish.add(`$JS.API.CONSUMER.INFO.${stream}.${durable}`);
    publish.add(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`);
    publish.add(`$JS.ACK.${stream}.${durable}.>`);
  }
  const { uses } = services[service];
  const may = (right: (typeof uses)[number]) => uses.includes(right);
  if (may('artifacts:read') || may('artifacts:write')) {
    publish.add('$JS.API.INFO');
    readStream(publish, `KV_${ARTIFACTS_BUCKET}`);
    for (const owner of new Set(Object.values(artifactOwners)))
      readStream(publish, `OBJ_${largeArtifactsBucket(owner)}`);
  }
  // Nobody but who made it can tell what it says.
  if (artifactOwners.compiled === service) readStream(publish, `KV_${COMPILED_BUCKET}`);
  if (may('artifacts:write')) {
    for (const [kind, owner] of Object.entries(artifactOwners)) {
      if (owner === service) publish.add(`$KV.${artifactBucket(kind as ArtifactKind)}.${kind}.>`);
    }
    publish.add(`$O.${largeArtifactsBucket(service)}.>`);
    publish.add(`$JS.API.STREAM.PURGE.OBJ_${largeArtifactsBucket(service)}`);
  }
  if (may('desired:read') || may('reported:read')) readStream(publish, `KV_${GATEWAYS_BUCKET}`);
  if (may('desired:write')) publish.add(`$KV.${GATEWAYS_BUCKET}.desired.>`);
  if (may('reported:write')) publish.add(`$KV.${GATEWAYS_BUCKET}.reported.>`);
  if (may('traffic:write')) publish.add('gitway.traffic.>');
  return { publish: [...publish].sort(), subscribe: [`${inboxPrefixOf(service)}.>`] };
}

/** What reading a bucket takes: its description, single messages, and short-lived consumers for watching. */
function readStream(publish: Set<string>, stream: string): void {
  publish.add(`$JS.API.STREAM.INFO.${stream}`);
  publish.add(`$JS.API.STREAM.MSG.GET.${stream}`);
  publish.add(`$JS.API.DIRECT.GET.${stream}`);
  publish.add(`$JS.API.DIRECT.GET.${stream}.>`);
  publish.add(`$JS.API.CONSUMER.CREATE.${stream}`);
  publish.add(`$JS.API.CONSUMER.CREATE.${stream}.>`);
  publish.add(`$JS.API.CONSUMER.INFO.${stream}.>`);
  publish.add(`$JS.API.CONSUMER.DELETE.${stream}.>`);
  publish.add(`$JS.FC.${stream}.>`);
}

/** One password per service, and one for the administrator; bcrypt hashes are accepted as they are. */
export type NatsPasswords = Readonly<Record<Owner | typeof ADMIN_USER, string>>;

/** The `authorization` block of `nats-server`'s configuration: a user per service that may do what the contracts say and no more. */
export function natsAuthorization(passwords: NatsPasswords): string {
  const quote = (text: string) => JSON.stringify(text);
  const list = (subjects: readonly string[]) => `[${subjects.map(quote).join(', ')}]`;
  const users = owners.map((owner) => {
    const { publish, subscribe } = permissionsOf(owner);
    return (
      `    { user: ${quote(owner)}, password: ${quote(passwords[owner])}, permissions: {\n` +
      `      publish: { allow: ${list(publish)} },\n      subscribe: { allow: ${list(subscribe)} } } }`
    );
  });
  return `# Generated from the contracts: do not edit.
authorization: {
  users: [
    { user: ${quote(ADMIN_USER)}, password: ${quote(passwords[ADMIN_USER])} }
${users.join('\n')}
  ]
}
`;
}

export interface NatsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly storeDir: string;
  readonly passwords: NatsPasswords;
  /** Most that JetStream may take on disk. Default 20 GiB. */
  readonly maxStoreBytes?: number;
}

/** A complete configuration for `nats-server`. */
export function natsServerConfig(options: NatsServerOptions): string {
  return `host: ${JSON.stringify(options.host)}
port: ${options.port}
max_payload: 1MB
jetstream: { store_dir: ${JSON.stringify(options.storeDir)}, max_file_store: ${options.maxStoreBytes ?? 20 * 1024 ** 3} }
${natsAuthorization(options.passwords)}`;
}
