export { ConsoleClient } from './client/console-client.ts';
export { EventFeed, type SeenFact } from './client/event-feed.ts';
export { WorkingCopy, type Push, type WorkingCopyOptions } from './client/working-copy.ts';
export { pushExample, type FirstPush } from './launcher/first-push.ts';
export {
  defaultCacheDir,
  defaultStateDir,
  EXAMPLE_REPOSITORY,
  gatewaySites,
  platformServices,
  proxyName,
  type GatewaySite,
} from './launcher/layout.ts';
export { openPlatform, type PlatformAccess, type PlatformFile } from './launcher/platform-access.ts';
export { startPlatform, type Platform, type PlatformOptions } from './launcher/platform.ts';
export { silent, terminalReporter, type Reporter } from './launcher/reporter.ts';
export { reset } from './launcher/reset-command.ts';
export type { Secrets } from './launcher/secrets.ts';
export { StateDirectory } from './launcher/state-directory.ts';
export { formatFinding, lintRepository } from './lint/lint.ts';
export { repositoryRoot } from './repository-root.ts';
export { call, Traffic, type Call, type TrafficTarget } from './client/traffic.ts';
export { haproxyCommand, serverStates, type ServerState } from './client/admin-socket.ts';
export { demoSteps, runDemo, type StepOutcome } from './demo/run-demo.ts';
export type { DemoContext, DemoStep } from './demo/context.ts';
