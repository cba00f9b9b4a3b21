import type { EventDefinition, Owner } from './event.ts';
import { approvalGranted } from './events/approval-granted.v1.ts';
import { approvalRequested } from './events/approval-requested.v1.ts';
import { commandRefused } from './events/command-refused.v1.ts';
import { commitDetected } from './events/commit-detected.v1.ts';
import { commitRejected } from './events/commit-rejected.v1.ts';
import { commitValidated } from './events/commit-validated.v1.ts';
import { deployRequested } from './events/deploy-requested.v1.ts';
import { deployed } from './events/deployed.v1.ts';
import { deploymentFailed } from './events/deployment-failed.v1.ts';
import { deploymentPlanned } from './events/deployment-planned.v1.ts';
import { driftDetected } from './events/drift-detected.v1.ts';
import { driftObserved } from './events/drift-observed.v1.ts';
import { driftResolved } from './events/drift-resolved.v1.ts';
import { incidentOpened } from './events/incident-opened.v1.ts';
import { incidentResolved } from './events/incident-resolved.v1.ts';
import { incidentUpdated } from './events/incident-updated.v1.ts';
import { notificationFailed } from './events/notification-failed.v1.ts';
import { pinLifted } from './events/pin-lifted.v1.ts';
import { replayRequested } from './events/replay-requested.v1.ts';
import { revertCommitted } from './events/revert-committed.v1.ts';
import { rollbackRequested } from './events/rollback-requested.v1.ts';
import { rolledBack } from './events/rolled-back.v1.ts';
import { sourceFailed } from './events/source-failed.v1.ts';
import { sourceRecovered } from './events/source-recovered.v1.ts';
import { trafficJudged } from './events/traffic-judged.v1.ts';
import { usageSummarised } from './events/usage-summarised.v1.ts';
import { writeBackFailed } from './events/write-back-failed.v1.ts';

/** Every version of every fact. Documentation, golden messages, streams and permissions are all made from this list. */
export const catalogue = [
  commitDetected,
  revertCommitted,
  writeBackFailed,
  sourceFailed,
  sourceRecovered,
  commitValidated,
  commitRejected,
  deploymentPlanned,
  deployed,
  deploymentFailed,
  rolledBack,
  pinLifted,
  approvalRequested,
  commandRefused,
  driftDetected,
  driftResolved,
  driftObserved,
  trafficJudged,
  usageSummarised,
  incidentOpened,
  incidentUpdated,
  incidentResolved,
  notificationFailed,
  deployRequested,
  rollbackRequested,
  approvalGranted,
  replayRequested,
] as const;

/** The catalogue with the type of each fact's data forgotten, for code that handles any of them. */
export const allEvents = catalogue as unknown as readonly EventDefinition[];

const byType = new Map(allEvents.map((definition) => [definition.type, definition]));

export function eventOfType(type: string): EventDefinition | undefined {
  return byType.get(type);
}

export function eventsOwnedBy(owner: Owner): readonly EventDefinition[] {
  return allEvents.filter((definition) => definition.owner === owner);
}
