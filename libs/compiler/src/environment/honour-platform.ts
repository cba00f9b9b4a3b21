import type { Finding, Severity, Unit } from '@gitway/contracts';
import { locationOf } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { finding } from '../findings.ts';
import { platformCapabilities } from './platform-capabilities.ts';
import type { Sources } from './sources.ts';

/**
 * What the platform itself cannot do yet, each told at the field that asks for it. A gate or a guard that would not
 * hold refuses; what would only not be told or shown is a warning. Nothing is dropped in silence.
 */
export function honourPlatform(environment: Located, units: Iterable<Unit>, sources: Pick<Sources, 'get'>): Finding[] {
  const findings: Finding[] = [];
  for (const unit of units) {
    for (const { kind, field, severity, instead } of platformCapabilities) {
      if (unit.kind !== kind || !asksFor(unit, field)) continue;
      const where =
        unit.kind === 'environment'
          ? locationOf(environment.resource, ['spec', ...field.replace(/(Ms|Percent)$/, '').split('.')], 'key')
          : (sources.get(`${kind} ${unit.name}`)?.placeOf(field === '' ? 'name' : field) ?? {});
      const what = field === '' ? 'Resources of this kind are' : `\`${field}\` is`;
      const message = `${what} part of the language, and this version does not act on ${field === '' ? 'them' : 'it'}.`;
      findings.push(finding('unsupported-by-platform', severity, where, message, instead));
    }
  }
  return findings;
}

/** Whether the unit says something at this path: `=` names one value of it. */
function asksFor(unit: Unit, field: string): boolean {
  if (field === '') return true;
  const [path = '', wanted] = field.split('=');
  let value: unknown = unit;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Record<string, unknown>)[step];
  }
  return wanted === undefined ? value !== undefined && value !== null : value === wanted;
}

export interface PlatformCapability {
  readonly kind: Unit['kind'];
  /** Field of the unit, or `field=value`; empty: the whole kind. */
  readonly field: string;
  readonly severity: Severity;
  /** What to do in the meantime. */
  readonly instead: string;
}
