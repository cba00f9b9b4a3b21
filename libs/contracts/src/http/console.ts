import { z } from 'zod';
import { owners } from '../event.ts';
import { commitSchema, instantSchema } from '../names.ts';
import { environmentViewSchema, incidentViewSchema, sourceViewSchema } from './read-models.ts';
import { standingSchema } from './standing.ts';

/** What the console itself answers to people and to the CLI. */

/** A fact as JSON, for those who do not read NATS headers. */
export const factSchema = z.object({
  id: z.string(),
  type: z.string(),
  source: z.string(),
  subject: z.string(),
  time: instantSchema,
  correlationId: z.string(),
  causationId: z.string().nullable(),
  traceparent: z.string().nullable(),
  data: z.unknown(),
});

/** A fact and its place in the console's stream: the `id:` of server-sent events, to continue from with `?after=`. */
export const factRecordSchema = z.object({ sequence: z.string().regex(/^\d{1,18}$/), fact: factSchema });

/** Console `GET /api/events/recent`: oldest first. */
export const factPageSchema = z.object({ items: z.array(factRecordSchema) });

/** Console `GET /api/status`. A part is null where the service that owns it does not answer. */
export const statusViewSchema = z.object({
  at: instantSchema,
  environments: z.array(environmentViewSchema).nullable(),
  /** One for each of them; null where they are not known, or where an older console does not say it. */
  standings: z.array(standingSchema).nullable().default(null),
  sources: z.array(sourceViewSchema).nullable(),
  /** Open ones only. */
  incidents: z.array(incidentViewSchema).nullable(),
  services: z.array(
    z.object({
      name: z.enum(owners),
      state: z.enum(['ready', 'not-ready', 'away']),
      /** What is not ready, in words; null when nothing is. */
      detail: z.string().nullable(),
    }),
  ),
});

const reasonSchema = z.string().trim().min(1).max(500);
export const deployCommandSchema = z.strictObject({ commit: commitSchema, reason: reasonSchema });
export const rollbackCommandSchema = z.strictObject({ commit: commitSchema.optional(), reason: reasonSchema });
export const approveCommandSchema = z.strictObject({ deployment: z.uuid(), reason: reasonSchema });
export const replayCommandSchema = z.strictObject({ service: z.enum(owners) });

/** The answer to a command (202): it is stated as a fact and will be worked on. */
export const commandAcceptedSchema = z.object({
  /** Id of the event that states the request. */
  event: z.string(),
  /** Everything that follows from it carries this id. */
  correlation: z.string(),
  /** `GET /api/events?after=<this>` shows everything that follows. */
  after: z.string(),
});

/** Console `GET /api/audit`: what people asked for, newest first. */
export const auditEntrySchema = z.object({
  id: z.string(),
  at: instantSchema,
  actor: z.string(),
  role: z.string(),
  action: z.enum(['deploy', 'rollback', 'approve', 'replay']),
  environment: z.string().nullable(),
  reason: z.string().nullable(),
  /** What the command named: commit, deployment, dead letter. */
  target: z.record(z.string(), z.string()),
  event: z.string(),
  correlation: z.string(),
});

export type Fact = z.infer<typeof factSchema>;
export type FactRecord = z.infer<typeof factRecordSchema>;
export type StatusView = z.infer<typeof statusViewSchema>;
export type CommandAccepted = z.infer<typeof commandAcceptedSchema>;
export type AuditEntry = z.infer<typeof auditEntrySchema>;
