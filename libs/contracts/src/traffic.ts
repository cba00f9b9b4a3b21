import { z } from 'zod';
import { digestSchema, instantSchema, nameSchema } from './names.ts';

/** Traffic is measured, not stated: it has a stream of its own with a short retention. Subject `gitway.traffic.<environment>.<gateway>`. */
export const TRAFFIC_STREAM = 'GITWAY_TRAFFIC';
export const TRAFFIC_SUBJECTS = 'gitway.traffic.>';
export const trafficSubject = (environment: string, gateway: string) => `gitway.traffic.${environment}.${gateway}`;

/** One answered request. Times in milliseconds; -1 where that phase was not reached. */
export const callRecordSchema = z.object({
  /** When the request arrived, milliseconds since the epoch. */
  at: z.int(),
  api: nameSchema.nullable(),
  operation: z.string().nullable(),
  consumer: z.string().nullable(),
  method: z.string(),
  status: z.int(),
  totalMs: z.number(),
  upstreamMs: z.number(),
  bytesIn: z.int().nonnegative(),
  bytesOut: z.int().nonnegative(),
  /** The proxy's own word on how it ended, HAProxy's termination state for example. */
  termination: z.string(),
  /** Where the answer came from: the upstream, or the gateway itself (refused, limited, no server). */
  answeredBy: z.enum(['upstream', 'gateway']),
  requestId: z.string(),
  /** Trace id (W3C Trace Context), 32 hex digits. */
  traceId: z.string().optional(),
  /** Short digest of everything that the API was made from when it was called. */
  apiVersion: z.string().optional(),
  /** Time in the gateway's queue, and until the upstream had taken the connection. */
  queueMs: z.number().optional(),
  connectMs: z.number().optional(),
  /** Where calls like this one are recorded by a share: it stands for `1 / share` of them. */
  share: z.number().gt(0).lt(1).optional(),
  /** Kept as evidence of who did what. */
  audited: z.literal(true).optional(),
  /** Request headers that the API has recorded; values may be cut. */
  headers: z.record(z.string(), z.string()).optional(),
});

/** Published with message id `<gateway>/<agent epoch>/<sequence>`: a batch sent twice is stored once. */
export const trafficBatchSchema = z.object({
  environment: nameSchema,
  gateway: nameSchema,
  /** Grows by one with each batch of this gateway within one `epoch`. */
  sequence: z.int().positive(),
  /** Identity of the log file that the records came from; a new file counts from 1 again. */
  epoch: z.string(),
  /** Records that are known to be lost since the last batch. */
  lost: z.int().nonnegative(),
  sentAt: instantSchema,
  /** Records of one revision; a batch never mixes two. */
  snapshot: digestSchema.nullable(),
  calls: z.array(callRecordSchema).max(2000),
});

export type CallRecord = z.infer<typeof callRecordSchema>;
export type TrafficBatch = z.infer<typeof trafficBatchSchema>;
