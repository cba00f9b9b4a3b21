import { unitSchema } from '@gitway/contracts';
import type { DriverProblem } from '../../driver.ts';
import { unsupportedFields } from '../../unsupported.ts';
import { GATEWAY, type Surroundings } from '../build.ts';
import type { ConformanceCase } from '../case.ts';
import type { MutantOutcome, Mutants } from '../coverage.ts';
import { type CaseUnits, without } from '../neutral.ts';
import { runCase } from './run-case.ts';
import type { GatewayRunner, RunningGateway } from './runner.ts';
import { caseUnits, storedUnits } from '../promised.ts';
import { surroundings } from './surroundings.ts';
import { Upstreams } from './upstreams.ts';

export type CaseOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly problems: readonly string[] }
  /** The driver's table says that it cannot be done, and `check` says so too. */
  | { readonly kind: 'refused'; readonly fields: readonly string[] };

export interface SuiteReport {
  readonly cases: ReadonlyMap<string, CaseOutcome>;
  /** Field → case → what became of the case without the field. */
  readonly mutants: Mutants;
}

/** One case, or a case with a field taken away, on its way. */
interface Instance {
  readonly given: ConformanceCase;
  readonly field: string | null;
  readonly around: Surroundings;
  readonly own: CaseUnits;
}

export interface SuiteOptions {
  /** Answer time of what must come about: for cases, and for mutants, which are to fail. */
  readonly patienceMs?: number;
  readonly mutantPatienceMs?: number;
  readonly atOnce?: number;
}

/** Runs the cases as far as the driver's table promises them, and each once more without each field that it covers. */
export async function runSuite(
  runner: GatewayRunner,
  cases: readonly ConformanceCase[],
  { patienceMs = 10_000, mutantPatienceMs = 2_500, atOnce = 24 }: SuiteOptions = {},
): Promise<SuiteReport> {
  const upstreams = await Upstreams.start();
  const suite = new Suite(runner, upstreams);
  try {
    const outcomes = new Map<string, CaseOutcome>();
    const instances: Instance[] = [];
    for (const given of cases) {
      const instance = suite.instance(given);
      const refusal = suite.refusal(instance);
      if (refusal === null) instances.push(instance);
      else outcomes.set(given.id, refusal);
    }
    const mutants = new Map<string, Map<string, MutantOutcome>>();
    const note = (field: string, id: string, outcome: MutantOutcome) => {
      const known = mutants.get(field) ?? new Map<string, MutantOutcome>();
      mutants.set(field, known.set(id, outcome));
    };
    const running: Instance[] = [];
    for (const given of cases) {
      for (const [index, field] of given.covers.entries()) {
        if (outcomes.get(given.id)?.kind === 'refused') note(field, given.id, 'refused');
        else {
          const mutant = suite.mutant(given, field, index);
          if (mutant === null) note(field, given.id, 'no-mutant');
          else running.push(mutant);
        }
      }
    }
    const [ofCases, ofMutants] = await Promise.all([
      suite.run(instances, patienceMs, atOnce),
      suite.run(running, mutantPatienceMs, atOnce),
    ]);
    for (const [{ given }, problems] of ofCases) {
      outcomes.set(given.id, problems.length === 0 ? { kind: 'passed' } : { kind: 'failed', problems });
    }
    for (const [{ field, given }, problems] of ofMutants) {
      note(field!, given.id, problems.length > 0 ? 'killed' : 'survived');
    }
    return { cases: outcomes, mutants };
  } finally {
    await upstreams.close();
  }
}

class Suite {
  constructor(
    private readonly runner: GatewayRunner,
    private readonly upstreams: Upstreams,
  ) {}

  instance(given: ConformanceCase, id = given.id): Instance {
    const around = { ...surroundings, id, ports: this.upstreams.ports, tokens: given.tokens ?? {} };
    return { given, field: null, around, own: caseUnits(given, this.runner.driver.name, around) };
  }

  mutant(given: ConformanceCase, field: string, index: number): Instance | null {
    const whole = this.instance(given, `${given.id}-m${index}`);
    const own = without(whole.own, field, (units) => this.valid(units));
    return own === null ? null : { ...whole, own, field };
  }

  /** Null when the case is to run. */
  refusal({ own }: Instance): CaseOutcome | null {
    const units = storedUnits([own]);
    const wrong = units.flatMap(({ unit }) => {
      const { error } = unitSchema.safeParse(unit);
      return error === undefined ? [] : [`${unit.kind} ${unit.name} is no unit: ${error.message}`];
    });
    if (wrong.length > 0) return { kind: 'failed', problems: wrong };
    const { driver } = this.runner;
    const promised = unsupportedFields(units, GATEWAY, driver.capabilities);
    const said = driver.check(units, GATEWAY);
    if (promised.length === 0) {
      return said.length === 0
        ? null
        : { kind: 'failed', problems: said.map(({ unit, message }) => `${unit}: ${message}`) };
    }
    const same = (a: DriverProblem, b: DriverProblem) => a.unit === b.unit && a.field === b.field;
    const silent = promised.filter((problem) => !said.some((other) => same(problem, other)));
    if (silent.length === 0) return { kind: 'refused', fields: promised.map(({ field }) => field ?? '') };
    return {
      kind: 'failed',
      problems: silent.map(({ message }) => `check does not refuse what the table does: ${message}`),
    };
  }

  /** Problems by instance. Those without a gateway of their own share one. */
  async run(instances: readonly Instance[], patienceMs: number, atOnce: number): Promise<Map<Instance, string[]>> {
    const found = new Map<Instance, string[]>();
    const shared = instances.filter(({ given, field }) => !isAlone(given, field));
    const work: (() => Promise<void>)[] = instances
      .filter(({ given, field }) => isAlone(given, field))
      .map((instance) => async () => {
        try {
          const gateway = await this.start([instance]);
          found.set(instance, await this.runOne(instance, gateway, patienceMs));
          await gateway.stop();
        } catch (error) {
          // It may be refused only when it is rendered, for a secret that is not there, say.
          found.set(instance, [`no gateway runs it: ${error instanceof Error ? error.message : String(error)}`]);
        }
      });
    const gateway = shared.length > 0 ? await this.start(shared) : null;
    for (const instance of shared) {
      work.push(async () => void found.set(instance, await this.runOne(instance, gateway!, patienceMs)));
    }
    await inParallel(work, atOnce);
    await gateway?.stop();
    return found;
  }

  private start(instances: readonly Instance[]): Promise<RunningGateway> {
    const units = storedUnits(instances.map(({ own }) => own));
    const [first, ...others] = units.filter(({ unit }) => unit.kind === 'gateway');
    // Those who share a gateway ask nothing of it, so theirs are alike.
    return this.runner.start(units.filter((unit) => unit === first || !others.includes(unit)));
  }

  private runOne({ given, around, field }: Instance, gateway: RunningGateway, patienceMs: number): Promise<string[]> {
    return runCase(given, {
      gateway,
      upstreams: this.upstreams,
      around,
      cookies: new Map(),
      patienceMs,
      units: (snapshot) => {
        const own = caseUnits({ gateway: given.gateway ?? {}, ...snapshot }, this.runner.driver.name, around);
        const changed = field === null ? null : without(own, field, (candidate) => this.valid(candidate));
        return storedUnits([changed ?? own]);
      },
    });
  }

  private valid(own: CaseUnits): boolean {
    const units = storedUnits([own]);
    return (
      units.every(({ unit }) => unitSchema.safeParse(unit).success) &&
      this.runner.driver.check(units, GATEWAY).length === 0
    );
  }
}

/** Without its hosts an API takes what is another case's. */
const isAlone = (given: ConformanceCase, field: string | null) =>
  given.alone !== undefined || given.gateway !== undefined || field === 'api route.hosts';

/** A gateway that answers nothing is told of, and not waited for call by call. */
const LONGEST_MS = 150_000;

async function inParallel(work: readonly (() => Promise<void>)[], atOnce: number): Promise<void> {
  const left = [...work];
  const over = performance.now() + LONGEST_MS;
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      if (performance.now() > over) throw new Error(`${left.length + 1} cases were left after ${LONGEST_MS} ms`);
      await next();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
