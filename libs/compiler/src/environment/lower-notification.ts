import type { NotificationUnit } from '@gitway/contracts';
import { notificationResourceSchema, plainForm, type NotificationResource } from '@gitway/resources';

/** A notification as one environment sees it; null where it is about other environments alone. */
export function lowerNotification(
  name: string,
  spec: NotificationResource['spec'],
  environment: string,
): NotificationUnit | null {
  const matchers = spec.match ?? [];
  const here = matchers.filter(({ environments }) => environments === undefined || environments.includes(environment));
  if (matchers.length > 0 && here.length === 0) return null;
  const { quietHours = [], ...plain } = plainForm(notificationResourceSchema.shape.spec, {
    ...spec,
    match: undefined,
  }) as {
    quietHours?: object[];
  };
  return {
    kind: 'notification',
    name,
    groupBy: ['environment'],
    groupWaitMs: 10_000,
    resolved: true,
    ...plain,
    match: here.map(({ environments: _, ...matcher }) => matcher),
    quietHours: quietHours.map((hours) => ({
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      timezone: 'UTC',
      except: ['critical'],
      ...hours,
    })),
  } as unknown as NotificationUnit;
}
