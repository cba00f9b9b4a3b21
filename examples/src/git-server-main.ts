import { gitServerConfig } from './config.ts';
import { startGitServer } from './git-server.ts';
import { untilStopped } from './until-stopped.ts';

const config = gitServerConfig();
const { EXAMPLE_WEBHOOK_URL: url, EXAMPLE_WEBHOOK_SECRET: secret } = config;
const server = await startGitServer({
  folder: config.EXAMPLE_GIT_DIR,
  host: config.EXAMPLE_HOST,
  port: config.EXAMPLE_GIT_PORT,
  token: config.EXAMPLE_GIT_TOKEN,
  path: config.PATH,
  ...(url && secret ? { webhook: { url, secret } } : {}),
});
for (const name of config.EXAMPLE_GIT_REPOSITORIES.split(',')) await server.createRepository(name.trim());
await untilStopped({ url: server.url }, () => server.stop());
