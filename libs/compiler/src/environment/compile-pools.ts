import type { Finding, Pool } from '@gitway/contracts';
import { poolSchema, plainForm, type ApiResource } from '@gitway/resources';
import { finding } from '../findings.ts';
import type { PemFiles } from '../pem-files.ts';
import { durationMs } from './durations.ts';
import type { FilledIn } from './fill-in.ts';
import { parseUpstreamUrl } from './upstream-url.ts';

type PoolSpec = ApiResource['spec']['upstream']['pools'][number];

export interface CompiledPools {
  readonly pools: readonly Pool[];
  readonly findings: readonly Finding[];
}

/** An API's upstreams in the form of its unit. */
export function compilePools(filled: FilledIn, pems: PemFiles): CompiledPools {
  const findings: Finding[] = [];
  const pools: Pool[] = [];
  const specs = (filled.spec as ApiResource['spec']).upstream.pools;
  for (const [index, pool] of specs.entries()) {
    const at = ['spec', 'upstream', 'pools', index] as const;
    const ca: string[] = [];
    for (const [number, file] of (pool.tls?.ca ?? []).entries()) {
      const reading = pems.read(filled.resource.file.path, file);
      if ('rule' in reading) {
        const where = filled.placeOf([...at, 'tls', 'ca', number]);
        findings.push(finding(reading.rule, 'error', where, reading.message, reading.hint));
      } else ca.push(...reading.blocks);
    }
    const targets = targetsOf(pool, index, filled, findings);
    if (pool.tls !== undefined && targets.every(({ scheme }) => scheme === 'http')) {
      const message = 'TLS is set, but no target of this pool has an https URL.';
      const where = filled.placeOf([...at, 'tls'], 'key');
      findings.push(finding('upstream-tls-unused', 'warning', where, message, 'Write the targets with https://.'));
    }
    pools.push(poolOf(pool, targets, ca));
  }
  return { pools, findings };
}

function targetsOf(pool: PoolSpec, poolIndex: number, filled: FilledIn, findings: Finding[]): Pool['targets'] {
  return pool.targets.flatMap((target, index) => {
    const url = parseUpstreamUrl(target.url);
    if (!('problem' in url)) return [{ ...url, weight: target.weight ?? 1 }];
    const place = filled.placeOf(['spec', 'upstream', 'pools', poolIndex, 'targets', index, 'url']);
    const shown = target.url.replace(/\/\/[^/@]*@/, '//…@').slice(0, 120);
    findings.push(finding('upstream-url', 'error', place, `\`${shown}\` ${url.problem}.`, url.hint));
    return [];
  });
}

function poolOf(pool: PoolSpec, targets: Pool['targets'], ca: string[]): Pool {
  const { healthCheck: check, tls } = pool;
  const plain = plainForm(poolSchema, pool) as Partial<Pool>;
  const { slowStartMs, resolveEveryMs, maxConnections, protocol, passiveHealthCheck } = plain;
  return {
    name: pool.name,
    weight: pool.weight ?? 100,
    targets,
    healthCheck:
      check === undefined
        ? null
        : {
            path: check.path,
            intervalMs: durationMs(check.interval, 5_000),
            unhealthyAfter: check.unhealthyAfter ?? 3,
            healthyAfter: check.healthyAfter ?? 2,
          },
    ...(passiveHealthCheck === undefined
      ? {}
      : { passiveHealthCheck: { ...{ failures: 5, ejectForMs: 30_000 }, ...passiveHealthCheck } }),
    ...(slowStartMs === undefined ? {} : { slowStartMs }),
    ...(resolveEveryMs === undefined ? {} : { resolveEveryMs }),
    ...(maxConnections === undefined ? {} : { maxConnections }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            verify: tls.verify ?? true,
            ...(tls.serverName === undefined ? {} : { serverName: tls.serverName.toLowerCase() }),
            ...(ca.length === 0 ? {} : { ca }),
            ...(tls.clientCertificate === undefined ? {} : { clientCertificate: tls.clientCertificate }),
          },
        }),
  };
}
