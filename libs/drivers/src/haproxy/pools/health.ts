import type { ApiUnit, Pool } from '@gitway/contracts';
import type { Checker } from '../checker.ts';
import { MAX_TIME_MS } from '../names.ts';
import { safe } from '../syntax.ts';

/** After how many failures in a row a target is left alone, and for how long. */
export interface Judgement {
  readonly failures: number;
  readonly forMs: number;
  /** `layer4`: connections that fail; `layer7`: also calls without a good answer. */
  readonly observe: 'layer4' | 'layer7';
}

/**
 * What judges a pool's targets by their calls: its own passive check, or the circuit breaker of the API. HAProxy counts
 * failures of a server once.
 */
export function judgementOf(api: ApiUnit, pool: Pool, at = '', on?: Checker): Judgement | null {
  const passive = pool.passiveHealthCheck;
  const breaker = api.policy.circuitBreaker;
  const judgements = [
    ...(passive === undefined
      ? []
      : [
          {
            field: `${at}.passiveHealthCheck`,
            time: 'ejectForMs',
            judgement: { failures: passive.failures, forMs: passive.ejectForMs, observe: 'layer7' as const },
          },
        ]),
    ...(breaker === undefined
      ? []
      : [
          {
            field: 'policy.circuitBreaker',
            time: 'openForMs',
            judgement: {
              failures: breaker.failures,
              forMs: breaker.openForMs,
              observe: breaker.on.includes('5xx') ? ('layer7' as const) : ('layer4' as const),
            },
          },
        ]),
  ];
  const [first] = judgements;
  if (first === undefined) return null;
  if (on !== undefined) {
    const { healthCheck: check } = pool;
    on.require(
      judgements.every(({ judgement }) => JSON.stringify(judgement) === JSON.stringify(first.judgement)),
      `${at}.passiveHealthCheck`,
      'and `policy.circuitBreaker` both judge a target by its calls, which is counted once; leave one of them out',
    );
    for (const { field, time, judgement } of judgements) {
      if (check === null) continue;
      const least = (check.healthyAfter - 1) * check.intervalMs;
      const most = check.healthyAfter * check.intervalMs;
      on.require(
        judgement.forMs >= least && judgement.forMs <= most,
        `${field}.${time}`,
        `with the health check of pool ${pool.name} a target is back after ${check.healthyAfter} good checks, ` +
          `which takes ${least} to ${most} ms: name such a time, or leave the check out`,
      );
    }
  }
  return first.judgement;
}

/** What a pool's backend says of its active check. */
export function probeLines({ healthCheck: check, targets }: Pool): string[] {
  if (check === null) return [];
  const host = targets[0]?.host ?? '';
  return [
    '    option httpchk',
    `    http-check send meth GET uri '${safe('path', check.path)}' ver HTTP/1.1 hdr host '${host.toLowerCase()}' hdr user-agent gitway-health`,
    '    http-check expect status 200-399',
    // Else an answer has to come before the next check is due.
    ...(check.intervalMs < 1000 ? ['    timeout check 1000'] : []),
  ];
}

/**
 * A server that was marked down is back when checks say so. Where no health check is asked for, that is a connection
 * after half of the time and another after all of it; the check has no other turn but one after a start, which is why
 * there are two: that one alone brings nobody back.
 */
export function checkWords(check: Pool['healthCheck'], judgement: Judgement | null): string[] {
  if (check === null && judgement === null) return [];
  const half = Math.ceil((judgement?.forMs ?? 0) / 2);
  const rhythm =
    check === null
      ? `check inter ${MAX_TIME_MS} fastinter ${half} downinter ${half} fall 1 rise 2`
      : `check inter ${check.intervalMs} fall ${check.unhealthyAfter} rise ${check.healthyAfter}`;
  if (judgement === null) return [rhythm];
  return [rhythm, `observe ${judgement.observe} error-limit ${judgement.failures} on-error mark-down`];
}
