export { type AllowedHost, parseAllowedHost } from './allowed-host.ts';
export { hostsOf, parseRemoteRefs, type RemoteRefs } from './remote-refs.ts';
export { defaultRemoteLimits, type RemoteLimits, RemoteSession } from './remote-session.ts';
