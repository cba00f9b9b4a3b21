import { upstreamConfig } from './config.ts';
import { untilStopped } from './until-stopped.ts';
import { startUpstream } from './upstream.ts';

const config = upstreamConfig();
const upstream = await startUpstream({
  name: config.EXAMPLE_UPSTREAM_NAME,
  host: config.EXAMPLE_HOST,
  port: config.EXAMPLE_UPSTREAM_PORT,
  brokenPort: config.EXAMPLE_UPSTREAM_BROKEN_PORT,
});
await untilStopped({ url: upstream.url, brokenUrl: upstream.brokenUrl }, () => upstream.stop());
