import { native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request } from '../rule.ts';

/** Takes the base path off by counting its segments, so that no part of it is ever read as a pattern. */
export const basePath: Policy = {
  capabilities: [native('api route.keepBasePath', '`set-path` from the segment behind the base path')],
  contribute({ api: { route } }) {
    if (route.keepBasePath || route.basePath === '/') return {};
    const next = route.basePath.split('/').length + 1;
    return { rules: [request('forward', `set-path /%[path,field(${next},/,0)]`)] };
  },
};
