import { z } from 'zod';
import { instantSchema, nameSchema } from '../names.ts';

/** One line of an incident's timeline: a fact, in words. */
export const timelineEntrySchema = z.object({
  at: instantSchema,
  event: z.object({ id: z.string(), type: z.string() }),
  text: z.string(),
});

export const incidentSchema = z.object({
  incident: z.uuid(),
  environment: nameSchema.nullable(),
  severity: z.enum(['minor', 'major', 'critical']),
  state: z.enum(['open', 'resolved']),
  title: z.string(),
  openedAt: instantSchema,
  resolvedAt: instantSchema.nullable(),
  /** The newest entry, which is what this event adds. */
  entry: timelineEntrySchema,
  /** How many entries the timeline has. */
  entries: z.int().positive(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;
export type Incident = z.infer<typeof incidentSchema>;
