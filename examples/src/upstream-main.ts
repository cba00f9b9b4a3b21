import { upstreamConfig } from './config.ts';
import { runUntilStopped } from './until-stopped.ts';
import { startUpstream } from './upstream.ts';

await runUntilStopped(
  () => {
    const config = upstreamConfig();
    return startUpstream({
      name: config.EXAMPLE_UPSTREAM_NAME,
      host: config.EXAMPLE_HOST,
      port: config.EXAMPLE_UPSTREAM_PORT,
      brokenPort: config.EXAMPLE_UPSTREAM_BROKEN_PORT,
    });
  },
  ({ url, brokenUrl }) => ({ url, brokenUrl }),
);
