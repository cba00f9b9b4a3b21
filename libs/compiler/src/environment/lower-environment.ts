import type { EnvironmentUnit } from '@gitway/contracts';
import { environmentResourceSchema, plainForm, type EnvironmentResource } from '@gitway/resources';
import { compare } from '../findings.ts';

type Plain = Record<string, Record<string, unknown> | undefined>;

/** An environment's own settings in the form of its unit, with every default filled in. */
export function lowerEnvironment(name: string, spec: EnvironmentResource['spec']): EnvironmentUnit {
  const { promotion, rollout, rollback, freeze, drift, analysis } = spec;
  const plain = plainForm(environmentResourceSchema.shape.spec, {
    promotion,
    rollout,
    rollback,
    drift,
    analysis,
  }) as Plain;
  const gate = { ...plain['promotion'] };
  const approvers = promotion?.approvers?.map((text) =>
    text.startsWith('group:') ? { kind: 'group', name: text.slice(6) } : { kind: 'person', name: text.toLowerCase() },
  );
  const unit: Record<string, unknown> = {
    kind: 'environment',
    name,
    gateways: [...spec.gateways].sort(compare),
    promoteFrom: spec.promoteFrom ?? null,
    promotion: {
      soakMs: spec.promoteFrom === undefined ? 0 : (gate['soakMs'] ?? 60_000),
      approvals: gate['approvals'] ?? 0,
      ...(approvers === undefined ? {} : { approvers }),
      ...(gate['minRequests'] === undefined ? {} : { minRequests: gate['minRequests'] }),
      ...(gate['checks'] === undefined ? {} : { checks: gate['checks'] }),
      ...(gate['mode'] === 'manual' ? { mode: 'manual' } : {}),
    },
    analysis: { windowMs: 120_000, minRequests: 50, ...plain['analysis'] },
    drift: { mode: 'heal', intervalMs: 5_000, ...plain['drift'] },
  };
  if (rollout?.strategy === 'progressive') {
    const { strategy: _, ...steps } = plain['rollout']!;
    unit['rollout'] = {
      abortOn: ['error-rate', 'latency'],
      minRequests: 50,
      inconclusive: 'wait',
      ...steps,
      steps: (steps['steps'] as object[]).map((step) => ({ forMs: 0, ...step })),
    };
  }
  if (freeze !== undefined && freeze.length > 0) {
    const windows = (plainForm(environmentResourceSchema.shape.spec, { freeze }) as { freeze: object[] }).freeze;
    unit['freeze'] = windows.map((window) => ({ timezone: 'UTC', ...window }));
  }
  if (spec.prune !== undefined) unit['prune'] = { guardPercent: Number(spec.prune.guard.slice(0, -1)) };
  if (spec.apply !== undefined && spec.apply !== 'strict') unit['apply'] = spec.apply;
  if (spec.holdBack === 'object') unit['holdBack'] = 'object';
  if (rollback !== undefined) unit['rollback'] = { mode: 'automatic', maxSteps: 3, ...plain['rollback'] };
  return unit as EnvironmentUnit;
}
