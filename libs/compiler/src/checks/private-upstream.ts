import { isLinkLocal, isLoopback, isPrivate } from '@gitway/guardrails';
import { locationOf, type UpstreamRule } from '@gitway/resources';
import type { CompiledApi } from '../environment/compile-api.ts';
import { finding } from '../findings.ts';
import type { DocumentFinding } from '../verdicts/suppressions.ts';
import { MAX_ALIKE, type ApiCheck } from './check.ts';
import { holdsIn, type Declared } from './settings.ts';

/** An upstream that only a private network reaches, in an environment whose RuleSets say that there are to be none. */
export const privateUpstream: ApiCheck = {
  run(api, environment, { upstreams }) {
    const holding = upstreams.filter(({ rule }) => holdsIn(rule, environment));
    return [false, true].flatMap((trial) => {
      const declared = holding.findLast((each) => each.trial === trial);
      return declared === undefined ? [] : refusedBy(declared, api, environment);
    });
  },
};

function refusedBy(
  { rule, ruleSet, path, trial }: Declared<UpstreamRule>,
  api: CompiledApi,
  environment: string,
): DocumentFinding[] {
  if (rule.private === 'allow') return [];
  const findings: DocumentFinding[] = [];
  const severity = rule.private === 'refuse' ? 'error' : 'warning';
  api.unit.pools.forEach(({ targets }, pool) =>
    targets.forEach(({ host }, target) => {
      const what = privacyOf(host);
      if (what === undefined || (rule.hosts ?? []).some((pattern) => fits(host, pattern))) return;
      const place = ['spec', 'upstream', 'pools', pool, 'targets', target, 'url'];
      findings.push({
        ...finding(
          'private-upstream',
          trial ? 'info' : severity,
          api.filled.placeOf(place),
          `The upstream \`${host}\` is ${what}, which RuleSet \`${ruleSet.resource.name}\`${trial ? ', on trial,' : ''} ${rule.private === 'refuse' ? 'refuses' : 'warns of'} in environment \`${environment}\`.`,
          'Name a server that is meant to be reached from there, or list it under `hosts` of that entry.',
        ),
        related: [{ where: locationOf(ruleSet.resource, [...path, 'private']), message: 'It is said here.' }],
        ...(trial ? { onTrial: severity } : {}),
      });
    }),
  );
  return findings.slice(0, MAX_ALIKE);
}

/** Why only a private network reaches a host; undefined where nothing says so. Names are judged by their endings alone. */
export function privacyOf(host: string): string | undefined {
  if (isLoopback(host)) return 'the gateway’s own machine';
  if (isLinkLocal(host)) return 'a link-local address';
  if (isPrivate(host)) return 'a private address';
  const name = host.toLowerCase().replace(/\.$/, '');
  if (/^[0-9.]+$/.test(name) || name.includes(':')) return undefined;
  if (!name.includes('.')) return 'a name without a domain';
  if (/\.(internal|local|localdomain|lan|intranet|private|corp|home|home\.arpa|svc|cluster\.local)$/.test(name)) {
    return 'a name that only a private network resolves';
  }
  return undefined;
}

function fits(host: string, pattern: string): boolean {
  const [name, wanted] = [host.toLowerCase().replace(/\.$/, ''), pattern.toLowerCase()];
  return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
}
