import { setImmediate } from 'node:timers/promises';
import {
  type ChangedRules,
  changedRules,
  type CompiledWorkspace,
  impactUnknown,
  isNothing,
  ruleChangeFindings,
  ruleDigests,
  withFindings,
} from '@gitway/compiler';
import { type Finding, treeSchema } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { ArtifactStore, type Commit } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { CommitStore } from '../adapters/commit-store.ts';
import { LiveUnits } from '../adapters/live-units.ts';
import { type RuleDigests, RuleStore } from '../adapters/rule-store.ts';
import { CompileCommit } from './compile-commit.ts';
import { LiveEnvironments } from './live-environments.ts';

const log = logger('judge-rule-change');

export interface JudgedRuleChange {
  /** With what the changed rules say of what is live. */
  readonly result: CompiledWorkspace;
  /** Writes down what the rules say now, of those environments that the commit is good for. */
  readonly remember: Commit;
}

/**
 * A commit that changes rules is told whom they would hit: each rule that is new, or says something else than when the
 * environment was validated last, is held against everything that is live there: guardrails against its units, the lint
 * and the checks of the whole against the files that it was made from, the policy of breaking changes against who calls
 * what. A commit that changes no rule costs nothing of this. It only informs; what the rules refuse
 * of the commit itself is refused by the compiler. A refused commit changes nothing in force, so the next one is told again.
 */
@Injectable()
export class JudgeRuleChange {
  constructor(
    private readonly live: LiveUnits,
    private readonly store: RuleStore,
    private readonly clock: Clock,
    private readonly compile: CompileCommit,
    private readonly commits: CommitStore,
    private readonly artifacts: ArtifactStore,
    private readonly environments: LiveEnvironments,
  ) {}

  async run(result: CompiledWorkspace, source: string): Promise<JudgedRuleChange> {
    const names = result.environments.map(({ name }) => name);
    const known = await this.store.inForce(names);
    const digests = new Map(names.map((name) => [name, ruleDigests(result.rules, name)]));
    const findings = new Map<string, Finding[]>();
    for (const name of names) {
      const changed = changedRules(result.rules, digests.get(name)!, known.get(name) ?? new Map());
      if (!isNothing(changed)) findings.set(name, await this.judge(name, source, changed, result));
    }
    const good = result.environments.filter(({ snapshot }) => snapshot !== null).map(({ name }) => name);
    const moved = good.filter((name) => !same(digests.get(name)!, known.get(name)));
    return {
      result: withFindings(result, findings),
      remember: async (tx) => {
        for (const name of moved.toSorted()) await this.store.remember(tx.manager, name, digests.get(name)!);
      },
    };
  }

  private async judge(
    environment: string,
    source: string,
    changed: ChangedRules,
    { rules }: CompiledWorkspace,
  ): Promise<Finding[]> {
    const started = performance.now();
    try {
      const state = (await this.live.statesOf([environment])).get(environment);
      if (state === undefined) return [];
      const { units: refs } = await this.live.snapshot(state.snapshot);
      const units = (await this.live.units(refs)).filter((unit) => unit !== null);
      const found = await ruleChangeFindings(changed, rules, {
        environment,
        now: this.clock.now(),
        units,
        hear: async () => {
          const tree = await this.commits.treeOf(state.commit);
          if (tree === null) return { unknown: 'its files were read by an earlier release' };
          return this.compile.hear(await this.artifacts.getJson('tree', tree, treeSchema), source, environment, rules);
        },
        usage: (api, since) => this.environments.usageOf(environment, api, since),
        breathe: () => setImmediate(),
      });
      const judgeMs = Math.round(performance.now() - started);
      log.info({ environment, units: units.length, judgeMs }, 'changed rules judged');
      const unread = refs.length - units.length;
      return [
        ...found,
        ...(unread === 0 ? [] : [impactUnknown(environment, `${unread} parts of it are of an earlier release`)]),
      ];
    } catch (error) {
      log.warn({ environment, reason: messageOf(error) }, 'changed rules not judged');
      return [impactUnknown(environment, 'it cannot be read from the artifact store')];
    }
  }
}

const same = (a: RuleDigests, b: RuleDigests | undefined) =>
  b !== undefined && a.size === b.size && [...a].every(([id, digest]) => b.get(id) === digest);
