import { type EventEnvelope, eventOfType, incidentSchema, notificationFailed } from '@gitway/contracts';
import { type ChannelSettings, matchesFact } from './channel-settings.ts';

/** The environment that a fact concerns; null where it concerns none or all. */
export function environmentOf(event: EventEnvelope): string | null {
  const { environment } = event.data as { environment?: unknown };
  return typeof environment === 'string' ? environment : null;
}

/** The channels that are to hear of this fact. */
export function channelsFor(event: EventEnvelope, channels: readonly ChannelSettings[]): ChannelSettings[] {
  const fact = eventOfType(event.type)?.fact;
  if (fact === undefined) return [];
  return channels.filter((channel) => {
    if (!channel.facts.some((pattern) => matchesFact(pattern, fact))) return false;
    // A channel that does not work is not told so through itself.
    if (event.type === notificationFailed.type && (event.data as { channel?: unknown }).channel === channel.name) {
      return false;
    }
    if (channel.environments === undefined) return true;
    const environment = environmentOf(event);
    return environment !== null && channel.environments.includes(environment);
  });
}

/** What belongs together is delivered in order: the facts of one incident. Others stand for themselves. */
export function orderKeyOf(event: EventEnvelope): string {
  const incident = incidentSchema.shape.incident.safeParse((event.data as { incident?: unknown }).incident);
  return incident.success ? `incident/${incident.data}` : `event/${event.id}`;
}

/** Giving up on the news that something could not be delivered is no news: two broken channels would never end. */
export const isWorthReporting = (eventType: string): boolean => eventType !== notificationFailed.type;
