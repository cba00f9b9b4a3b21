import { InvalidInputError } from '@gitway/errors';
import { gitServerConfig } from './config.ts';
import { startGitServer } from './git-server.ts';
import { runUntilStopped } from './until-stopped.ts';

await runUntilStopped(
  async () => {
    const config = gitServerConfig();
    const { EXAMPLE_WEBHOOK_URL: url, EXAMPLE_WEBHOOK_SECRET: secret } = config;
    if ((url === undefined) !== (secret === undefined)) {
      throw new InvalidInputError(
        'bad-config',
        'EXAMPLE_WEBHOOK_URL and EXAMPLE_WEBHOOK_SECRET go together; set both.',
      );
    }
    const server = await startGitServer({
      folder: config.EXAMPLE_GIT_DIR,
      host: config.EXAMPLE_HOST,
      port: config.EXAMPLE_GIT_PORT,
      token: config.EXAMPLE_GIT_TOKEN,
      path: config.PATH,
      ...(url && secret ? { webhook: { url, secret } } : {}),
    });
    for (const name of config.EXAMPLE_GIT_REPOSITORIES.split(',')) await server.createRepository(name.trim());
    return server;
  },
  ({ url }) => ({ url }),
);
