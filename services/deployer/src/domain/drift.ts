import type { DriftField } from '@gitway/contracts';
import type { Input } from './decision.ts';
import type { Draft } from './draft.ts';
import { idOf } from './identity.ts';
import type { Deployment, Drift, GatewayState } from './state.ts';

/** A gateway without drift for this long is trusted again: its next drift is healed at once. */
const QUIET_MS = 600_000;
const MINUTE_MS = 60_000;

/** An agent saw drift. Older than what it has reported since, or of another generation: left alone. */
export function acceptDriftObserved(draft: Draft, input: Extract<Input, { kind: 'drift-observed' }>): void {
  const { live } = draft;
  const gateway = draft.gateway(input.gateway);
  if (live === undefined || draft.applying !== undefined || gateway === undefined) return;
  if (!live.settings.gateways.includes(input.gateway) || gateway.drift !== null) return;
  if (input.generation !== gateway.generation || input.snapshot !== gateway.snapshot) return;
  const reported = draft.observationOf(input.gateway);
  const isClear = reported !== undefined && reported.generation === input.generation && reported.drift.length === 0;
  if (isClear && reported.reportedAt > input.observedAt) return;
  if (gateway.clearAt !== null && gateway.clearAt >= input.observedAt) return;
  open(draft, live, input.gateway, gateway, input.fields, input.observedAt);
}

/** Opens, heals and closes streaks of drift from what the gateways report. Nothing is drift while a deployment is applied. */
export function settleDrift(draft: Draft): void {
  const { live } = draft;
  if (live === undefined || draft.applying !== undefined) return;
  for (const [name, gateway] of Object.entries(draft.state.gateways)) {
    if (!live.settings.gateways.includes(name)) {
      if (gateway.drift !== null) resolve(draft, live, name, gateway, gateway.drift, draft.now);
      continue;
    }
    const seen = draft.observationOf(name);
    if (seen !== undefined && seen.generation === gateway.generation) {
      const { drift } = gateway;
      const isClear = seen.drift.length === 0 && seen.running === gateway.snapshot;
      if (drift === null) {
        if (seen.drift.length > 0) open(draft, live, name, gateway, [...seen.drift], seen.reportedAt);
      } else if (isClear && seen.reportedAt >= drift.observedAt) {
        resolve(draft, live, name, gateway, drift, seen.reportedAt);
      }
    }
    if (gateway.drift?.action === 'heal') heal(draft, name, gateway, gateway.drift);
  }
}

function open(
  draft: Draft,
  live: Deployment,
  name: string,
  gateway: GatewayState,
  fields: DriftField[],
  observedAt: number,
): void {
  // `adopt` is refused when a commit is compiled; told and left alone is what it would begin with.
  const { mode } = live.settings.drift;
  const action = mode === 'adopt' ? 'alert' : mode;
  const id = idOf('drift', draft.state.name, name, gateway.generation, observedAt);
  const isQuiet = gateway.lastHealAt === null || draft.now - gateway.lastHealAt >= QUIET_MS;
  draft.set(gateway, {
    drift: { id, since: draft.now, observedAt, action, fields, healGeneration: null, nextHealAt: null },
    ...(isQuiet ? { heals: [], backOffLevel: 0 } : {}),
  });
  draft.publish({
    kind: 'drift-detected',
    deployment: live.id,
    data: { environment: draft.state.name, gateway: name, drift: id, action, fields },
  });
}

function resolve(
  draft: Draft,
  live: Deployment,
  name: string,
  gateway: GatewayState,
  drift: Drift,
  clearAt: number,
): void {
  const how = drift.healGeneration === gateway.generation ? 'healed' : 'gone';
  draft.set(gateway, { drift: null, clearAt });
  draft.publish({
    kind: 'drift-resolved',
    deployment: live.id,
    data: {
      environment: draft.state.name,
      gateway: name,
      drift: drift.id,
      how,
      durationMs: Math.max(0, draft.now - drift.since),
    },
  });
}

/**
 * Writes the same snapshot under the next generation: the agent applies it anew. Again once the agent has answered and
 * the drift is still there; against a writer that keeps fighting, each time after twice the wait.
 */
function heal(draft: Draft, name: string, gateway: GatewayState, drift: Drift): void {
  const { now } = draft;
  const { limits } = draft.context;
  const isAnswered = draft.observationOf(name)?.generation === gateway.generation;
  if (drift.healGeneration === gateway.generation && !isAnswered) return;
  const heals = gateway.heals.filter((at) => at > now - MINUTE_MS);
  if (drift.nextHealAt === null) {
    if (gateway.backOffLevel > 0 || heals.length >= limits.healsPerMinute) {
      const waitMs = Math.min(limits.healMaxMs, limits.healBackOffMs * 2 ** Math.min(gateway.backOffLevel, 20));
      draft.notes.push(`drift of ${name} keeps coming back: the next heal waits ${waitMs} ms`);
      draft.set(gateway, { backOffLevel: gateway.backOffLevel + 1 });
      draft.set(drift, { nextHealAt: now + waitMs });
      return;
    }
  } else if (now < drift.nextHealAt) return;
  draft.aim(name, gateway.snapshot, gateway.deployment);
  draft.set(gateway, { heals: [...heals, now], lastHealAt: now });
  draft.set(drift, { healGeneration: gateway.generation, nextHealAt: null });
}
