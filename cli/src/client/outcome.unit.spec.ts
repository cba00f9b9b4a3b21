import { describe, expect, it } from '@jest/globals';
import { commit, deploymentId, fact, older } from '../testing/samples.ts';
import { outcomeOf, type Awaited } from './outcome.ts';

const base = { environment: 'production', event: 'e', correlation: 'ours' };
const deploy: Awaited = { ...base, action: 'deploy', commit, deployment: null };
const rollback: Awaited = { ...base, action: 'rollback', commit: null, deployment: null };
const approve: Awaited = { ...base, action: 'approve', commit, deployment: deploymentId };

describe('what became of a request', () => {
  it('is told by a fact of its own story, whatever else it says', () => {
    expect(outcomeOf(fact('deployed', { commit }, 'ours'), deploy)?.done).toBe('live');
    expect(outcomeOf(fact('rolled-back', { to: { commit: older }, detail: 'd' }, 'ours'), rollback)?.done).toBe(
      'rolled-back',
    );
    const failed = fact(
      'deployment-failed',
      { commit, reason: 'refused', gateways: [{ name: 'edge', problems: [{ message: 'no port' }] }] },
      'ours',
    );
    expect(outcomeOf(failed, deploy)).toMatchObject({
      done: 'failed',
      words: expect.stringContaining('edge: no port'),
    });
  });

  it('is told at once where it is refused, and not by the refusal of another', () => {
    const refused = { request: 'e', command: 'rollback', actor: 'ann', reason: 'that never ran here' };
    expect(outcomeOf(fact('command-refused', refused, 'ours'), rollback)).toEqual({
      done: 'failed',
      words: 'production: refused: that never ran here',
    });
    expect(outcomeOf(fact('command-refused', { ...refused, commit }), deploy)).toBeNull();
  });

  it('is told by the same commit or deployment where the story was lost', () => {
    expect(outcomeOf(fact('deployed', { commit }), deploy)?.done).toBe('live');
    expect(outcomeOf(fact('deployed', { deployment: deploymentId, commit }), approve)?.done).toBe('live');
    expect(outcomeOf(fact('rolled-back', { to: { commit: older } }), rollback)?.done).toBe('rolled-back');
  });

  it('is not told by what happens to others', () => {
    expect(outcomeOf(fact('deployed', { commit: older }), deploy)).toBeNull();
    expect(outcomeOf({ ...fact('deployed', { commit }), data: { environment: 'staging', commit } }, deploy)).toBeNull();
    expect(outcomeOf(fact('rolled-back', { to: { commit } }), { ...rollback, commit: older })).toBeNull();
    expect(outcomeOf(fact('deployment-planned', { commit }, 'ours'), deploy)).toBeNull();
    expect(outcomeOf(fact('deployed', { commit }), rollback)).toBeNull();
    expect(outcomeOf({ ...fact('deployed', {}), data: null }, deploy)).toBeNull();
  });

  it('is a failure when what was deployed is rolled back', () => {
    expect(outcomeOf(fact('rolled-back', { to: { commit: older }, detail: 'errors' }, 'ours'), deploy)?.done).toBe(
      'failed',
    );
  });
});
