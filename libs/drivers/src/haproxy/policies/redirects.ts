import { native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request } from '../rule.ts';
import { quoted } from '../syntax.ts';
import { filled, namesIn, pathTemplate } from './templates.ts';

/** Names may not stand in a URL's host, nor begin another one. */
const target = /^(?:https?:\/\/[A-Za-z0-9.:[\]_-]+(?:[/?][^{}]*)?|\/(?!\/)[^{}]*)$/;

/** Paths that are answered with another address, before a credential is asked for; queries are not taken along. */
export const redirects: Policy = {
  capabilities: [native('api policy.redirects', '`redirect`; names of path templates, at most one in a segment')],
  check(api, on) {
    (api.policy.redirects ?? []).forEach(({ from, to }, index) => {
      const at = `policy.redirects[${index}]`;
      const template = pathTemplate(api.route.basePath, from);
      if (typeof template === 'string') return on.require(false, `${at}.from`, template);
      const unknown = namesIn(to).find((name) => !template.values.has(name));
      on.require(unknown === undefined, `${at}.to`, `\`from\` has no {${unknown ?? ''}}`);
      const plain =
        /^[\u0021-\u007e]+$/.test(to) &&
        target.test(to.replaceAll(/\{[^{}]*\}/g, '')) &&
        !/^[^/]*\/\/[^/?]*\{/.test(to) &&
        !/^\/\{[^{}]*\}\{/.test(to);
      on.require(plain, `${at}.to`, 'must be a path or an http(s) URL in ASCII, with names behind its host only');
    });
  },
  contribute: ({ api }) => ({
    rules: (api.policy.redirects ?? []).flatMap(({ from, to, status }) => {
      const template = pathTemplate(api.route.basePath, from);
      if (typeof template === 'string') return [];
      const here = `{ path -m reg -- ${quoted(template.pattern)} }`;
      return [request('preflight', `redirect location ${filled(to, template)} code ${status}`, here)];
    }),
  }),
};
