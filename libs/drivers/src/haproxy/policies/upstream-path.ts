import type { ApiUnit } from '@gitway/contracts';
import { native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request, type Rule } from '../rule.ts';
import { fits, formatted, quoted, safe } from '../syntax.ts';
import { filled, namesIn, pathTemplate, staysPut } from './templates.ts';

/** The path and the host that the upstream sees. */
export const upstreamPath: Policy = {
  capabilities: [
    native('api route.keepBasePath', '`set-path` from the segment behind the base path'),
    native('api policy.rewrite.prefix', '`set-path`'),
    native('api policy.rewrite.host', '`set-header host`'),
    native(
      'api policy.rewrite.paths',
      'the first template that matches the path as sent; at most one name in a segment',
    ),
  ],
  check(api, on) {
    const { prefix, host, paths = [] } = api.policy.rewrite ?? {};
    on.require(prefix === undefined || fits('path', prefix), 'policy.rewrite.prefix', 'must be a plain URL path');
    on.require(host === undefined || fits('host', host.toLowerCase()), 'policy.rewrite.host', 'must be a DNS name');
    paths.forEach(({ from, to }, index) => {
      const at = `policy.rewrite.paths[${index}]`;
      const template = pathTemplate(api.route.basePath, from);
      if (typeof template === 'string') return on.require(false, `${at}.from`, template);
      const names = namesIn(to);
      const unknown = names.find((name) => !template.values.has(name));
      on.require(unknown === undefined, `${at}.to`, `\`from\` has no {${unknown ?? ''}}`);
      on.require(fits('path', to.replaceAll(/\{[^{}]*\}/g, 'x')), `${at}.to`, 'must be a plain URL path');
      on.require(staysPut(to, template), `${at}.to`, 'could become `.` or `..`; give the segment a name alone');
    });
  },
  contribute({ api }) {
    const { prefix, host } = api.policy.rewrite ?? {};
    const paths = pathRules(api);
    return {
      rules: [
        ...paths.choose,
        ...withoutBasePath(api),
        ...paths.put,
        ...(prefix === undefined || prefix === '/'
          ? []
          : [request('forward', `set-path ${formatted(safe('path', prefix).replace(/\/$/, ''))}%[path]`)]),
        ...(host === undefined ? [] : [request('forward', `set-header host ${safe('host', host.toLowerCase())}`)]),
      ],
    };
  },
};

/** By counting its segments, so that no part of it is ever read as a pattern. */
function withoutBasePath({ route }: ApiUnit): Rule[] {
  if (route.keepBasePath || route.basePath === '/') return [];
  const next = route.basePath.split('/').length + 1;
  return [request('forward', `set-path /%[path,field(${next},/,0)]`)];
}

/** Chosen by the path as it was sent, and put in its place once the base path is off. */
function pathRules({ policy, route }: ApiUnit): { choose: Rule[]; put: Rule[] } {
  const paths = policy.rewrite?.paths ?? [];
  if (paths.length === 0) return { choose: [], put: [] };
  const found = '{ var(txn.rewritten) -m found }';
  const kept = route.keepBasePath && route.basePath !== '/' ? route.basePath : '';
  const choose = paths.flatMap(({ from, to }, index) => {
    const template = pathTemplate(route.basePath, from);
    if (typeof template === 'string') return [];
    const fresh = index === 0 ? [] : [`!${found}`];
    const here = `{ path -m reg -- ${quoted(template.pattern)} }`;
    return [request('forward', `set-var-fmt(txn.rewritten) ${filled(kept + to, template)}`, ...fresh, here)];
  });
  return { choose, put: [request('forward', 'set-path %[var(txn.rewritten)]', found)] };
}
