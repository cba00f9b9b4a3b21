import { digestOfBytes, type Finding, type Unit } from '@gitway/contracts';
import { locationOf, type GatewayResource } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { compare, finding } from '../findings.ts';
import type { DriverProblem } from '../workspace.ts';
import type { CompileContext } from './context.ts';
import type { FilledIn } from './fill-in.ts';
import type { Sources } from './sources.ts';

/** What of a whole snapshot the environment's gateways cannot honour, each told at the field that asks for it. */
export function checkGateways(
  environment: Located,
  gateways: readonly FilledIn[],
  units: ReadonlyMap<string, Unit>,
  sources: Pick<Sources, 'get'>,
  { drivers, cache }: CompileContext,
): Finding[] {
  const all = [...units].map(([digest, unit]) => ({ digest, unit }));
  const digests = digestOfBytes([...units.keys()].join());
  return gateways.flatMap((gateway) => {
    const { driver } = gateway.spec as GatewayResource['spec'];
    const check = drivers[driver];
    const { name } = gateway.resource;
    if (check === undefined) {
      const hint = `It has: ${Object.keys(drivers).sort(compare).join(', ')}.`;
      const message = `This installation has no driver \`${driver}\`.`;
      return [finding('unknown-driver', 'error', gateway.placeOf(['spec', 'driver']), message, hint)];
    }
    const key = `driver:${driver}:${name}:${digests}`;
    let verdict = cache.get(key) as { problems: readonly DriverProblem[] } | undefined;
    if (verdict === undefined) {
      verdict = { problems: check(all, name) };
      cache.set(key, verdict);
    }
    return verdict.problems.slice(0, 100).map((problem) => {
      const source = problem.unit === null ? undefined : sources.get(problem.unit);
      const place =
        source === undefined
          ? locationOf(environment.resource, ['spec', 'gateways'], 'key')
          : source.placeOf(problem.field);
      const about = source === undefined && problem.unit !== null ? `${problem.unit}: ` : '';
      const message = `Gateway \`${name}\` (${driver}) cannot honour this: ${about}${problem.message}`;
      const hint = 'Ask for what the gateway can do, or use another gateway in this environment.';
      return finding('unsupported-by-gateway', 'error', place, /[.!?]$/.test(message) ? message : `${message}.`, hint);
    });
  });
}
