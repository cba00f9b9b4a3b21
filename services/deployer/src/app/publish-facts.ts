import {
  approvalRequested,
  commandRefused,
  deployed,
  deploymentFailed,
  deploymentPlanned,
  driftDetected,
  driftResolved,
  pinLifted,
  rolledBack,
} from '@gitway/contracts';
import type { Tx } from '@gitway/messaging';
import { currentStory, runInStory, type Story } from '@gitway/observability';
import { DeploymentRow, type Changes } from '../adapters/entities.ts';
import type { Fact } from '../domain/decision.ts';

/** States the facts of a decision, each in the story of its deployment (drift: in one of its own; refusals: in that of the request). */
export async function publishFacts(tx: Tx, facts: readonly Fact[]): Promise<void> {
  for (const fact of facts) {
    const { story, changes } = await storyOf(tx, fact);
    await runInStory(story, () => publish(tx, fact, changes));
  }
}

function publish(tx: Tx, fact: Fact, changes: Changes): Promise<string> {
  switch (fact.kind) {
    case 'deployment-planned':
      return tx.publish(deploymentPlanned, { ...fact.data, changes });
    case 'deployed':
      return tx.publish(deployed, { ...fact.data, changes });
    case 'deployment-failed':
      return tx.publish(deploymentFailed, fact.data);
    case 'rolled-back':
      return tx.publish(rolledBack, fact.data);
    case 'pin-lifted':
      return tx.publish(pinLifted, fact.data);
    case 'approval-requested':
      return tx.publish(approvalRequested, fact.data);
    case 'command-refused':
      return tx.publish(commandRefused, fact.data);
    case 'drift-detected':
      return tx.publish(driftDetected, fact.data);
    case 'drift-resolved':
      return tx.publish(driftResolved, fact.data);
  }
}

async function storyOf(tx: Tx, fact: Fact): Promise<{ story: Story; changes: Changes }> {
  const none = { total: 0, units: [] };
  const current = currentStory();
  if (fact.kind === 'drift-detected' || fact.kind === 'drift-resolved') {
    return { story: { correlationId: fact.data.drift, causationId: null }, changes: none };
  }
  if (fact.kind === 'command-refused') {
    return { story: current ?? { correlationId: fact.data.request, causationId: fact.data.request }, changes: none };
  }
  const row = await tx.manager
    .createQueryBuilder(DeploymentRow, 'd')
    .addSelect('d.changes')
    .where('d.id = :id', { id: fact.deployment })
    .getOneOrFail();
  const isCurrent = current?.correlationId === row.correlationId;
  return {
    story: isCurrent ? current : { correlationId: row.correlationId, causationId: row.causationId },
    changes: row.changes,
  };
}
