import { integerVariable, loadConfig } from '@gitway/config';
import { z } from 'zod';
import { createInbox } from './inbox.ts';

const config = loadConfig(
  z.object({
    NOTIFICATIONS_HOST: z.string().default('127.0.0.1'),
    NOTIFICATIONS_PORT: integerVariable({ min: 1, max: 65535 }),
    NOTIFICATIONS_SECRET: z.string().min(16, 'must have at least 16 characters'),
    NOTIFICATIONS_FILE: z.string().optional(),
  }),
);
const server = createInbox(config.NOTIFICATIONS_SECRET, config.NOTIFICATIONS_FILE ?? null);
server.listen(config.NOTIFICATIONS_PORT, config.NOTIFICATIONS_HOST);
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
