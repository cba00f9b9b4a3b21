export { type GitServer, type GitServerOptions, startGitServer } from './git-server.ts';
export { type Upstream, type UpstreamOptions, startUpstream } from './upstream.ts';
export { gitEnvironment, runGit } from './run-git.ts';
export type { WebhookTarget } from './webhook-sender.ts';
export { assembleRepository, exampleDocuments, type RepositoryParameters } from './repository.ts';
export {
  generateSyntheticRepository,
  syntheticApi,
  syntheticApiFile,
  syntheticApiName,
  type SyntheticOptions,
} from './synthetic.ts';
