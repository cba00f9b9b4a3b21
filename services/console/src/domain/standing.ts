import type { CommitView, DeploymentView, EnvironmentView, SourceView, Standing } from '@gitway/contracts';

/** What the services said; null: it did not answer. */
export interface Known {
  readonly sources: readonly SourceView[] | null;
  readonly commits: readonly CommitView[] | null;
  /** Of this environment, newest first. */
  readonly deployments: readonly DeploymentView[] | null;
}

type Head = NonNullable<Standing['head']>;
type Judged = Pick<Standing, 'why' | 'detail'>;

/** How an environment stands to the head of the branch that its newest deployment came from. */
export function standingOf(environment: EnvironmentView, known: Known): Standing {
  const { name, live, next } = environment;
  const { sources, deployments } = known;
  const cause = deployments?.find(({ deployment }) => deployment === live?.deployment)?.cause ?? null;
  const unknown = (detail: string): Standing => ({
    environment: name,
    cause,
    head: null,
    state: 'unknown',
    why: null,
    detail,
  });
  if (sources === null) return unknown('git-watcher does not answer');
  const follows = deployments?.[0] ?? next;
  if (follows === null) return unknown(deployments === null ? 'the deployer does not answer' : 'nothing came here yet');
  const { source, ref } = follows;
  const found = sources.find((each) => each.name === source)?.heads.find((each) => each.ref === ref);
  if (found === undefined) return unknown(`${source} does not follow ${ref} any more`);
  const head: Head = { source, ref, commit: found.commit };
  if (live?.commit === head.commit) return { environment: name, cause, head, state: 'in-step', why: null, detail: '' };
  return { environment: name, cause, head, state: 'behind', ...whyBehind(environment, head, cause, known) };
}

function whyBehind(
  environment: EnvironmentView,
  head: Head,
  cause: Standing['cause'],
  { commits, deployments }: Known,
): Judged {
  const { name, next, pin } = environment;
  const deployed =
    next?.commit === head.commit
      ? next
      : deployments?.find(({ commit, cause: by }) => commit === head.commit && by !== 'rollback');
  if (pin !== null && (pin.badCommit === head.commit || (deployed !== undefined && hasEnded(deployed)))) {
    return { why: 'pinned', detail: pin.reason };
  }
  if (deployed !== undefined) return whyNotLive(deployed, cause);
  if (commits === null) return { why: null, detail: 'the validator does not answer' };
  const judged = commits.find(
    ({ source, ref, commit }) => source === head.source && ref === head.ref && commit === head.commit,
  );
  if (judged === undefined) return { why: 'judging', detail: 'not judged yet' };
  const outcome = judged.environments.find((each) => each.name === name)?.outcome;
  if (outcome === 'rejected' || (judged.environments.length === 0 && judged.counts.errors > 0)) {
    const { errors } = judged.counts;
    const found = errors === 0 ? '' : `${errors} ${errors === 1 ? 'error' : 'errors'}: `;
    return { why: 'refused', detail: `${found}gitway report ${head.commit.slice(0, 8)}` };
  }
  if (outcome === undefined) return { why: 'not-declared', detail: `the head does not declare ${name} any more` };
  return { why: 'waiting', detail: 'it compiles; the deployer has not taken it up yet' };
}

function whyNotLive({ state, detail }: DeploymentView, cause: Standing['cause']): Judged {
  switch (state) {
    case 'waiting':
    case 'awaiting-approval':
    case 'failed':
      return { why: state, detail };
    case 'applying':
    case 'live':
      return { why: 'deploying', detail };
    case 'rolled-back':
    case 'superseded':
      return { why: cause === 'command' ? 'held-by-command' : 'superseded', detail };
  }
}

const hasEnded = ({ state }: DeploymentView) => state === 'superseded' || state === 'rolled-back';
