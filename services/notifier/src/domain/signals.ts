import {
  commitRejected,
  commitValidated,
  type DataOf,
  type DeadLetter,
  deployed,
  deploymentFailed,
  driftDetected,
  driftResolved,
  type EventDefinition,
  type EventEnvelope,
  pinLifted,
  replayRequested,
  revertCommitted,
  rolledBack,
  sourceFailed,
  sourceRecovered,
  trafficJudged,
  writeBackFailed,
} from '@gitway/contracts';
import type { Signal } from './incident.ts';

/** What a fact means for incidents; nothing for most. The notifier's own facts mean nothing, so it never reacts to itself. */
export function signalsOf(event: EventEnvelope): Signal[] {
  const rule = rules.get(event.type);
  return rule === undefined ? [] : rule(event.data).map(bounded);
}

/** A message that a service has given up on. */
export function signalsOfDeadLetter(letter: DeadLetter): Signal[] {
  return [
    {
      kind: 'raise',
      key: keys.deadLetters(letter.service),
      environment: null,
      severity: 'major',
      title: `${letter.service} could not handle a message`,
      text:
        `${letter.service} gave up on ${letter.event.type || letter.subject} after ${letter.attempts} attempts: ` +
        `${letter.error.message} (${letter.error.slug}). Replay it as number ${letter.sequence} once the cause is gone.`,
      about: String(letter.sequence),
    } as const,
  ].map(bounded);
}

const keys = {
  commit: (source: string, ref: string) => `commit/${source}/${ref}`,
  deployment: (environment: string) => `deployment/${environment}`,
  regression: (environment: string) => `regression/${environment}`,
  writeBack: (environment: string) => `write-back/${environment}`,
  drift: (environment: string, gateway: string) => `drift/${environment}/${gateway}`,
  source: (source: string) => `source/${source}`,
  deadLetters: (service: string) => `dead-letters/${service}`,
};

type Rule = (data: unknown) => Signal[];
const rules = new Map<string, Rule>();

function on<Data>(definition: EventDefinition<Data>, rule: (data: Data) => Signal[]): void {
  rules.set(definition.type, rule as Rule);
}

on(commitRejected, (data) => [
  {
    kind: 'raise',
    key: keys.commit(data.source, data.ref),
    environment: data.environments.length === 1 ? (data.environments[0] as string) : null,
    severity: 'minor',
    title: `Commit ${short(data.commit)} on ${branch(data.ref)} of ${data.source} is refused`,
    text: `${short(data.commit)} by ${data.author.name} has ${data.counts.errors} errors: ${firstFinding(data)}`,
    about: data.commit,
  },
]);

on(commitValidated, (data) => [
  {
    kind: 'resolve',
    key: keys.commit(data.source, data.ref),
    text: `${short(data.commit)} by ${data.author.name} is valid for ${data.environment}.`,
    // A commit may be good for one environment and refused for another.
    exceptAbout: data.commit,
  },
]);

on(deploymentFailed, (data) => [
  {
    kind: 'raise',
    key: keys.deployment(data.environment),
    environment: data.environment,
    severity: 'major',
    title: `A deployment to ${data.environment} failed`,
    text: `${short(data.commit)} was ${data.reason === 'refused' ? 'refused' : 'not answered in time'}${problems(data)}`,
    about: data.deployment,
  },
]);

on(deployed, (data) => [
  {
    kind: 'resolve',
    key: keys.deployment(data.environment),
    text: `${short(data.commit)} is live in ${data.environment}.`,
    exceptAbout: data.deployment,
  },
  // Going back is a part of the incident, going on ends it.
  ...(data.cause === 'rollback'
    ? []
    : [
        {
          kind: 'resolve' as const,
          key: keys.regression(data.environment),
          text: `${short(data.commit)} is live in ${data.environment}.`,
          exceptAbout: data.deployment,
        },
      ]),
]);

on(trafficJudged, (data) => {
  if (data.outcome !== 'regressed') return [];
  return [
    {
      kind: 'raise',
      key: keys.regression(data.environment),
      environment: data.environment,
      severity: 'critical',
      title: `Commit ${short(data.commit)} made ${data.environment} worse`,
      text: data.evidence.map(({ message, where }) => `${where.object ?? ''}: ${message}`)[0] ?? 'Traffic got worse.',
      about: data.deployment,
    },
  ];
});

on(rolledBack, (data) => [
  {
    kind: 'raise',
    key: keys.regression(data.environment),
    environment: data.environment,
    severity: 'major',
    title: `${data.environment} was rolled back to ${short(data.to.commit)}`,
    text: `Rolled back from ${short(data.from.commit)} to ${short(data.to.commit)}: ${data.detail}`,
    about: data.deployment,
  },
]);

on(revertCommitted, (data) => [
  { kind: 'note', key: keys.regression(data.environment), text: revertText(data) },
  { kind: 'resolve', key: keys.writeBack(data.environment), text: revertText(data) },
]);

on(pinLifted, (data) =>
  [keys.regression(data.environment), keys.writeBack(data.environment)].map((key) => ({
    kind: 'resolve' as const,
    key,
    text: `${data.environment} follows Git again, with ${short(data.by.commit)}.`,
  })),
);

on(writeBackFailed, (data) => [
  {
    kind: 'raise',
    key: keys.writeBack(data.environment),
    environment: data.environment,
    severity: 'major',
    title: `The rollback of ${data.environment} could not be written to Git`,
    text: `${short(data.reverted)} could not be reverted on ${branch(data.ref)} of ${data.source}: ${data.reason}`,
    about: data.reverted,
  },
]);

on(driftDetected, (data) => [
  {
    kind: 'raise',
    key: keys.drift(data.environment, data.gateway),
    environment: data.environment,
    severity: 'minor',
    title: `Gateway ${data.gateway} of ${data.environment} has drifted`,
    text:
      `${data.fields.length} differences, the first is ${data.fields[0]?.path ?? 'unknown'}; ` +
      (data.action === 'heal' ? 'it is put back.' : 'nobody puts it back: the environment only alerts.'),
    about: data.drift,
  },
]);

on(driftResolved, (data) => [
  {
    kind: 'resolve',
    key: keys.drift(data.environment, data.gateway),
    text: data.how === 'healed' ? 'The gateway was put back.' : 'The difference is gone.',
  },
]);

on(sourceFailed, (data) => [
  {
    kind: 'raise',
    key: keys.source(data.source),
    environment: null,
    severity: 'major',
    title: `Source ${data.source} cannot be read`,
    text: `${data.failures} failures: ${data.reason}`,
    about: data.source,
  },
]);

on(sourceRecovered, (data) => [
  { kind: 'resolve', key: keys.source(data.source), text: `Readable again after ${data.failures} failures.` },
]);

/** A person has taken it in hand; what fails once more opens a new incident. */
on(replayRequested, (data) => [
  {
    kind: 'resolve',
    key: keys.deadLetters(data.service),
    text: `${data.actor} asked for number ${data.sequence} to be handled again.`,
  },
]);

const short = (commit: string): string => commit.slice(0, 8);
const branch = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');

function firstFinding({ findings }: DataOf<typeof commitRejected>): string {
  const finding = findings[0];
  if (finding === undefined) return 'see the report.';
  const { file, range, object } = finding.where;
  const place = file === undefined ? object : range === undefined ? file : `${file}:${range.line}:${range.column}`;
  return `${place === undefined ? '' : `${place} `}${finding.message}`;
}

function problems({ gateways }: DataOf<typeof deploymentFailed>): string {
  for (const { name, problems: list } of gateways) {
    const first = list[0];
    if (first !== undefined) return ` by ${name}: ${first.unit === null ? '' : `${first.unit}: `}${first.message}`;
  }
  return gateways.length === 0 ? '.' : ` by ${gateways.map(({ name }) => name).join(', ')}.`;
}

const revertText = (data: DataOf<typeof revertCommitted>): string =>
  `The revert is in Git: ${short(data.commit)} on ${branch(data.ref)} of ${data.source}.`;

const MAX_TITLE = 200;
const MAX_TEXT = 1_000;
/** Bounded, and without NUL, which PostgreSQL's text cannot hold. */
function cut(given: string, length: number): string {
  const text = given.replaceAll('\0', '');
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function bounded(signal: Signal): Signal {
  const text = cut(signal.text, MAX_TEXT);
  return signal.kind === 'raise' ? { ...signal, text, title: cut(signal.title, MAX_TITLE) } : { ...signal, text };
}
