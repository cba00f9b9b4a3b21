export { type GitServer, type GitServerOptions, startGitServer } from './git-server.ts';
export { type Upstream, type UpstreamOptions, startUpstream } from './upstream.ts';
export { gitEnvironment, runGit } from './run-git.ts';
export type { WebhookTarget } from './webhook-sender.ts';
