import { compileWorkspace, orderFindings, type CompileResult, type DriverCheck } from '@gitway/compiler';
import { countFindings, type Finding, type FindingCounts } from '@gitway/contracts';
import { drivers } from '@gitway/drivers';
import { InvalidInputError } from '@gitway/errors';
import { FolderReader } from './folder-reader.ts';

export interface CheckResult {
  readonly environments: {
    name: string;
    outcome: 'validated' | 'rejected';
    snapshot: string | null;
    counts: FindingCounts;
  }[];
  readonly findings: Finding[];
  readonly counts: FindingCounts;
  /** The text of a file that a finding points into. */
  readonly sources: ReadonlyMap<string, string>;
}

const checks: Record<string, DriverCheck> = Object.fromEntries(
  drivers.map((driver): [string, DriverCheck] => [driver.name, (units, gateway) => driver.check([...units], gateway)]),
);

/** Compiles a folder as the validator compiles a commit. @throws InvalidInputError `no-folder`, `unknown-environment` */
export async function checkFolder(folder: string, environment: string | undefined): Promise<CheckResult> {
  const reader = await FolderReader.open(folder);
  const result = await compileWorkspace(reader, { drivers: checks });
  const chosen = result.environments.filter(({ name }) => environment === undefined || name === environment);
  if (environment !== undefined && chosen.length === 0) {
    const known = result.environments.map(({ name }) => name).join(', ') || 'none';
    throw new InvalidInputError(
      'unknown-environment',
      `${folder} declares no environment ${environment}. It declares: ${known}.`,
    );
  }
  const findings = environment === undefined ? [...result.findings] : findingsFor(result, environment);
  return {
    environments: chosen.map(({ name, digest, counts }) => ({
      name,
      outcome: digest === null ? 'rejected' : 'validated',
      snapshot: digest,
      counts,
    })),
    findings,
    counts: countFindings(findings),
    sources: await sourcesOf(reader, findings),
  };
}

/** What concerns one environment: its own findings, and those that no environment has to itself. */
function findingsFor(result: CompileResult, environment: string): Finding[] {
  const key = (finding: Finding) => JSON.stringify([finding.rule, finding.where, finding.message]);
  const of = (name: string) => result.environments.find((each) => each.name === name)?.findings ?? [];
  const others = new Set(result.environments.flatMap((each) => each.findings.map(key)));
  return orderFindings([...result.findings.filter((finding) => !others.has(key(finding))), ...of(environment)]);
}

async function sourcesOf(reader: FolderReader, findings: readonly Finding[]): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const { where } of findings) {
    if (where.file === undefined || where.range === undefined || sources.has(where.file)) continue;
    const bytes = await reader.read(where.file);
    if (bytes !== undefined) sources.set(where.file, new TextDecoder().decode(bytes));
  }
  return sources;
}
