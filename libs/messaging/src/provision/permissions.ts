import {
  ARTIFACTS_BUCKET,
  artifactOwners,
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
    readStream(publish, `KV_${ARTIFACTS_BUCKET}`);
    for (const owner of new Set(Object.values(artifactOwners)))
      readStream(publish, `OBJ_${largeArtifactsBucket(owner)}`);
  }
  if (may('artifacts:write')) {
    for (const [kind, owner] of Object.entries(artifactOwners)) {
      if (owner === service) publish.add(`$KV.${ARTIFACTS_BUCKET}.${kind}.>`);
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

export interface NatsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly storeDir: string;
  /** One password per service, and one for the administrator; hashes (bcrypt) are accepted as they are. */
  readonly passwords: Readonly<Record<Owner | typeof ADMIN_USER, string>>;
  readonly maxStoreBytes?: number;
}

/** A complete configuration for `nats-server`, with a user per service that may do what the contracts say and no more. */
export function natsServerConfig(options: NatsServerOptions): string {
  const quote = (text: string) => JSON.stringify(text);
  const list = (subjects: readonly string[]) => `[${subjects.map(quote).join(', ')}]`;
  const users = owners.map((owner) => {
    const { publish, subscribe } = permissionsOf(owner);
    return (
      `    { user: ${quote(owner)}, password: ${quote(options.passwords[owner])}, permissions: {\n` +
      `      publish: { allow: ${list(publish)} },\n      subscribe: { allow: ${list(subscribe)} } } }`
    );
  });
  return `# Generated from the contracts: do not edit.
host: ${quote(options.host)}
port: ${options.port}
max_payload: 1MB
jetstream: { store_dir: ${quote(options.storeDir)}, max_file_store: ${options.maxStoreBytes ?? 20 * 1024 ** 3} }
authorization: {
  users: [
    { user: ${quote(ADMIN_USER)}, password: ${quote(options.passwords[ADMIN_USER])} }
${users.join('\n')}
  ]
}
`;
}
