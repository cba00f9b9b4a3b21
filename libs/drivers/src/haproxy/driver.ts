import { InvalidInputError } from '@gitway/errors';
import type { GatewayDriver, RenderContext, SnapshotUnit } from '../driver.ts';
import { capabilities } from './capabilities.ts';
import { check } from './check.ts';
import { needs } from './needs.ts';
import { type HaproxyRendered, render } from './render.ts';

export interface HaproxyDriver extends GatewayDriver {
  render(units: readonly SnapshotUnit[], context: RenderContext): HaproxyRendered;
}

/** HAProxy 2.6 and newer. */
export const haproxy: HaproxyDriver = {
  name: 'haproxy',
  capabilities,
  check,
  needs,
  render(units, context) {
    // Before the first snapshot there are no units and nothing to check.
    const problems = context.snapshot === null ? [] : check(units, context.gateway);
    const first = problems[0];
    if (first !== undefined) {
      throw new InvalidInputError('not-expressible', `${first.unit ?? 'snapshot'}: ${first.message}`);
    }
    return render(units, context);
  },
};
