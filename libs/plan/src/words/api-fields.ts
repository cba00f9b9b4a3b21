import type { Json } from '../diff/json.ts';
import { memberOf, numberOf, textOf } from '../diff/json.ts';
import { judgeAuth } from './auth.ts';
import { always, fromTo, type Judge, type Judged, unknownField } from './judged.ts';
import { judgeLimits } from './limits.ts';
import { allowList, denyList, upperBound } from './lists.ts';
import { showValue } from './show-value.ts';

/** Something that refuses calls where it is there. */
const guard =
  (label: string): Judge =>
  (from, to, path) => ({
    says: from == null ? `${label} is on` : to == null ? `${label} is off` : fromTo(label, from, to, path),
    notice: 'callers',
    severity: from == null ? 'restricting' : to == null ? 'widening' : 'unknown',
  });

const lifecycle: Judge = (from, to) => {
  const said = `lifecycle ${textOf(from) ?? '?'} → ${textOf(to) ?? '?'}`;
  if (to === 'retired') return { says: `${said}: every call is refused`, notice: 'callers', severity: 'breaking' };
  if (from === 'retired') return { says: `${said}: calls are answered again`, notice: 'callers', severity: 'widening' };
  return { says: said, notice: 'callers', severity: 'neutral' };
};

const requestTimeout: Judge = (from, to, path) => {
  const [was, is] = [numberOf(from) ?? Number.POSITIVE_INFINITY, numberOf(to) ?? Number.POSITIVE_INFINITY];
  const show = (value: Json | undefined) => showValue(value, path) ?? 'no time';
  return {
    says: `slow answers are given up after ${show(to)}, where it was ${show(from)}`,
    notice: 'callers',
    severity: is < was ? 'restricting' : is > was ? 'widening' : 'neutral',
  };
};

const maintenance: Judge = (from, to, path) => {
  const notice = 'callers';
  if (to == null) return { says: 'maintenance is over: calls are answered again', notice, severity: 'widening' };
  const status = numberOf(memberOf(to, 'status')) ?? 503;
  if (from == null) return { says: `maintenance: every call is answered with ${status}`, notice, severity: 'breaking' };
  return { says: fromTo('maintenance', from, to, path), notice, severity: 'neutral' };
};

const cors: Judge = (from, to, path) => {
  const notice = 'callers';
  const origins = (value: Json | undefined) => showValue(memberOf(value, 'origins'), `${path}.origins`) ?? 'none';
  if (from == null) return { says: `pages of ${origins(to)} may call it from browsers`, notice, severity: 'widening' };
  return { says: 'the gateway lets no pages of other origins call it any more', notice, severity: 'restricting' };
};

const declaredOnly: Judge = (_, to) => ({
  says:
    to === true
      ? 'calls that OpenAPI does not declare are refused'
      : 'calls that OpenAPI does not declare are let through',
  notice: 'callers',
  severity: to === true ? 'restricting' : 'widening',
});

const credentials: Judge = (_, to) => ({
  says: to === true ? 'browsers may send credentials' : 'browsers may send no credentials any more',
  notice: 'callers',
  severity: to === true ? 'widening' : 'restricting',
});

const basePath: Judge = (from, to, path) => ({
  says: `moved: ${fromTo('base path', from, to, path)}`,
  notice: 'callers',
  severity: 'breaking',
});

/** By path without what stands in brackets; the longest beginning of a path counts. What is not here is `unknown`. */
const judges: Readonly<Record<string, Judge>> = {
  labels: always('platform', 'neutral', 'labels'),
  owner: always('platform', 'neutral', 'owner'),
  lifecycle,
  visibility: always('platform', 'neutral', 'visibility'),
  slo: always('platform', 'neutral', 'objectives'),
  deprecation: always('callers', 'neutral', 'deprecation'),
  'openapi.title': always('platform', 'neutral', 'title'),
  'openapi.version': always('platform', 'neutral', 'version of the document'),
  'openapi.digest': (from, to) => ({
    says: `documentation ${showValue(from, '') ?? ''} → ${showValue(to, '') ?? ''}`,
    notice: 'callers',
    severity: 'neutral',
  }),
  'route.hosts': allowList('hosts', 'any host', 'breaking', 'everything'),
  'route.basePath': basePath,
  'route.keepBasePath': (_, to) => ({
    says: to === true ? 'the upstream sees the base path now' : 'the upstream does not see the base path any more',
    notice: 'gateways',
    severity: 'unknown',
  }),
  'route.onlyDeclaredOperations': declaredOnly,
  'route.listeners': allowList('listeners', 'all listeners'),
  'route.match': (from, to, path) => ({
    says: fromTo('only requests with', from, to, path),
    notice: 'callers',
    severity: from == null ? 'breaking' : to == null ? 'widening' : 'unknown',
  }),
  plans: allowList('plans that open it', 'any consumer', 'breaking', 'everything'),
  planOperations: always('callers', 'unknown'),
  'policy.auth': judgeAuth,
  'policy.rateLimits': judgeLimits,
  'policy.quotas': judgeLimits,
  'policy.concurrency.requests': upperBound('calls at a time'),
  'policy.concurrency': guard('the limit of calls at a time'),
  'policy.requestLimits': upperBound('bound of requests'),
  'policy.requestLimits.bodyBytes': upperBound('largest body, bytes'),
  'policy.requestLimits.headerBytes': upperBound('largest headers, bytes'),
  'policy.requestLimits.headerCount': upperBound('number of headers'),
  'policy.requestLimits.urlBytes': upperBound('longest URL, bytes'),
  'policy.requestLimits.contentTypes': allowList('media types', 'any media type'),
  'policy.timeouts.requestMs': requestTimeout,
  'policy.timeouts.connectMs': always('gateways', 'neutral', 'connection timeout'),
  'policy.timeouts.idleMs': upperBound('longest silence'),
  'policy.cors': cors,
  'policy.cors.origins': allowList('origins', 'any origin'),
  'policy.cors.methods': allowList('methods of browsers', 'any method'),
  'policy.cors.headers': allowList('headers of browsers', 'any header'),
  'policy.cors.exposeHeaders': allowList('headers that browsers show', 'all headers', 'restricting'),
  'policy.cors.credentials': credentials,
  'policy.cors.maxAgeMs': always('callers', 'neutral', 'preflights are kept for'),
  'policy.ip': guard('the address filter'),
  'policy.ip.allow': allowList('addresses', 'any address'),
  'policy.ip.deny': denyList('refused addresses'),
  'policy.allow.methods': allowList('methods', 'any method'),
  'policy.allow.operations': allowList('operations', 'all operations'),
  'policy.allow': guard('the list of what may be called'),
  'policy.maintenance': maintenance,
  'policy.threatProtection': guard('threat protection'),
  'policy.retries': always('gateways', 'neutral', 'retries'),
  'policy.circuitBreaker': always('gateways', 'neutral', 'circuit breaker'),
  'policy.loadBalancing': always('gateways', 'neutral', 'load balancing'),
  'policy.mirror': always('gateways', 'neutral', 'mirroring'),
  'policy.canary': always('gateways', 'neutral', 'routing to the canary'),
  'policy.compression': always('callers', 'neutral', 'compression'),
  'policy.cache': always('callers', 'neutral', 'caching'),
  'policy.accessLog': always('platform', 'neutral', 'access log'),
  'policy.headers.request': always('gateways', 'unknown', 'headers for the upstream'),
  'policy.headers.response': always('callers', 'unknown', 'headers of answers'),
  'policy.rewrite': always('gateways', 'unknown', 'rewriting for the upstream'),
  'policy.redirects': always('callers', 'unknown', 'redirects'),
  'policy.errors': always('callers', 'unknown', 'format of errors'),
};

/** Fields of an API that are told as one thing. */
const wholes = new Set(['labels', 'policy.auth', 'policy.rateLimits', 'policy.quotas']);
export const isWholeApiField = (path: string) =>
  wholes.has(fieldOf(path).field) || /^policy\.(rewrite|errors|retries|circuitBreaker)$/.test(fieldOf(path).field);

/** Records of which each entry says something by itself, also where the record came or went with it. */
export const isOpenApiField = (path: string) =>
  /^policy\.operations(\.[^.[]+|\[[^\]]*\])?$/.test(path) ||
  /^(planOperations|policy\.(requestLimits|ip|allow|headers(\.(request|response)(\.(set|add))?)?))$/.test(
    fieldOf(path).field,
  );

/** A policy of one operation is judged as that of the API. */
export function fieldOf(path: string): { field: string; operation: string | null } {
  const match = /^policy\.operations(?:\.([^.[]+)|\[(.*?)\])\.(.+)$/.exec(path);
  if (match === null) return { field: path, operation: null };
  return { field: `policy.${match[3]!}`, operation: match[1] ?? match[2]! };
}

export function judgeApiField(path: string, from: Json | undefined, to: Json | undefined): Judged {
  const { field } = fieldOf(path);
  const bare = field.replaceAll(/\[[^\]]*\]/g, '').replace(/ \(order\)$/, '');
  for (let at = bare; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const judge = Object.hasOwn(judges, at) ? judges[at] : undefined;
    if (judge !== undefined) {
      // A group of fields is judged as a whole only where it came or went as a whole.
      if (at === bare) return judge(from, to, field);
      if (at === 'planOperations') return operationsOfPlan(field)(from, to, field);
      const says = fromTo(shortOf(field), from, to, field);
      if (isGroup.test(at)) return { ...judge(from, to, field), says };
      return { says, notice: at === 'policy.rewrite' ? 'gateways' : 'callers', severity: 'unknown' };
    }
  }
  return { ...unknownField(from, to, field), says: fromTo(shortOf(field), from, to, field) };
}

const operationsOfPlan = (field: string) =>
  allowList(`operations that plan ${field.replace(/^planOperations[.[]|\]$/g, '')} opens`, 'all of them');

const shortOf = (field: string) => field.replace(/^policy\./, '');

/** Groups of which each member means what the group means. */
const isGroup =
  /^(slo|deprecation|labels|policy\.(retries|circuitBreaker|loadBalancing|mirror|canary|compression|cache|accessLog|headers\..*))$/;
