import { countFindings, type Finding } from '@gitway/contracts';
import { orderFindings } from './findings.ts';
import type { CompileResult } from './workspace.ts';

/** A compile to which somebody adds what a platform knows besides. It refuses nothing; `refuseEnvironments` does. */
export function withFindings<R extends CompileResult>(
  result: R,
  byEnvironment: ReadonlyMap<string, readonly Finding[]>,
): R {
  const added = [...byEnvironment.values()].flat();
  if (added.length === 0) return result;
  const more = countFindings(added);
  const sum = (a: R['counts'], b: R['counts']) => ({
    errors: a.errors + b.errors,
    warnings: a.warnings + b.warnings,
    infos: a.infos + b.infos,
  });
  return {
    ...result,
    environments: result.environments.map((each) => {
      const own = byEnvironment.get(each.name) ?? [];
      if (own.length === 0) return each;
      const findings = orderFindings([...each.findings, ...own]);
      return { ...each, findings, counts: sum(each.counts, countFindings(own)) };
    }),
    findings: orderFindings([...result.findings, ...added]),
    counts: sum(result.counts, more),
  };
}
