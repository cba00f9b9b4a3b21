import { integerVariable, jsonVariable, loadConfig, urlVariable } from '@gitway/config';
import { provisionMessaging } from '@gitway/messaging';
import { z } from 'zod';
import { provisionDatabases } from '../launcher/databases.ts';
import { platformServices } from '../launcher/layout.ts';

const schema = z.object({
  POSTGRES_ADMIN_URL: urlVariable('postgres', 'postgresql'),
  DATABASE_PASSWORDS: jsonVariable(z.record(z.enum(platformServices), z.string().min(16))),
  GITWAY_NATS_URL: z.string(),
  GITWAY_NATS_USER: z.string(),
  GITWAY_NATS_PASSWORD: z.string().optional(),
  NATS_REPLICAS: integerVariable({ min: 1, max: 5, default: 1 }).describe('copies of each stream in a cluster'),
});
export const loadProvisionConfig = (env?: NodeJS.ProcessEnv) => loadConfig(schema, env);

const GIVE_UP_AFTER_MS = 90_000;

/** The container `provision`: databases and roles, streams, consumers and buckets. Repeating it changes nothing. */
export async function provisionCommand(): Promise<number> {
  const config = loadProvisionConfig();
  // A connection to NATS waits for its server without end; whoever waits for this container shall hear of it.
  setTimeout(() => {
    process.stderr.write(`gitway: NATS did not answer within ${GIVE_UP_AFTER_MS / 1000} s\n`);
    process.exit(3);
  }, GIVE_UP_AFTER_MS).unref();
  await provisionDatabases(
    config.POSTGRES_ADMIN_URL,
    platformServices.map((name) => ({
      name: `gitway_${name.replaceAll('-', '_')}`,
      password: config.DATABASE_PASSWORDS[name],
    })),
  );
  await provisionMessaging({
    url: config.GITWAY_NATS_URL,
    user: config.GITWAY_NATS_USER,
    password: config.GITWAY_NATS_PASSWORD,
    replicas: config.NATS_REPLICAS,
  });
  process.stdout.write('databases, streams and buckets are there\n');
  return 0;
}
