import { z } from 'zod';
import { apiUnitSchema, operationSchema } from '../artifacts/unit.ts';
import { commitSchema, digestSchema, instantSchema, nameSchema, personSchema } from '../names.ts';

/**
 * The catalogue: which APIs an environment has, as the validator keeps it. It knows two states of each environment:
 * `validated` (the last snapshot that was found good) and `live` (what every gateway was read back to serve).
 */

export const catalogueOperationSchema = operationSchema.extend({
  /** Whom the gateway lets call it, in words: `consumers of plan free or pro`. */
  opens: z.string(),
});

/** One API as one unit has it: equal units are equal entries. */
export const apiEntrySchema = z.object({
  name: nameSchema,
  title: z.string(),
  /** The document's own (`info.version`). */
  version: z.string(),
  lifecycle: apiUnitSchema.shape.lifecycle,
  visibility: apiUnitSchema.shape.visibility,
  owner: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** Where it answers; no hosts: under any. */
  exposure: apiUnitSchema.shape.route,
  /** What is in force after every merge, in words. */
  policy: z.object({
    auth: z.string(),
    rateLimit: z.string().nullable(),
    timeouts: z.string(),
    /** Other groups of policy in force, by name. */
    also: z.array(z.string()).default([]),
  }),
  /** Plans that open it; none with a key asked for: any consumer. */
  plans: z.array(nameSchema),
  pools: z.array(
    z.object({ name: nameSchema, weight: z.int(), targets: z.int().nonnegative(), healthChecked: z.boolean() }),
  ),
  /** Sorted by path, then method. */
  operations: z.array(catalogueOperationSchema),
  /** Digest of the OpenAPI document with all that it refers to. */
  documentation: digestSchema,
  /** Digest of the unit. */
  unit: digestSchema,
});

export const planEntrySchema = z.object({
  name: nameSchema,
  /** In words; null: the API's own limit holds. */
  rateLimit: z.string().nullable(),
});

const changeSchema = z.enum(['added', 'changed', 'removed']);

export const apiChangeSchema = z.object({
  api: nameSchema,
  change: changeSchema,
  /** For a changed API: what differs, as the entry names it (`policy.auth`, `exposure.hosts`), in words. */
  fields: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
  /** For a changed API. An operation is its method and path; one that moved keeps its id. At most so many are kept. */
  operations: z.array(
    z.object({ change: changeSchema, operation: operationSchema, before: operationSchema.nullable() }),
  ),
  /** All of them, also where not all are listed; of an added or removed API those that came or went with it. */
  operationCounts: z.object({ added: z.int(), changed: z.int(), removed: z.int() }),
});

export const planChangeSchema = z.object({
  plan: nameSchema,
  change: changeSchema,
  from: z.string().nullable(),
  to: z.string().nullable(),
});

/** What differs between two inventories. The counts are of APIs; the list may be cut. */
export const catalogueChangesSchema = z.object({
  counts: z.object({ added: z.int(), changed: z.int(), removed: z.int() }),
  apis: z.array(apiChangeSchema),
  plans: z.array(planChangeSchema),
});

const revisionSchema = z.object({ source: nameSchema, ref: z.string(), commit: commitSchema, at: instantSchema });

/**
 * - `live`: what was validated last is live.
 * - `newer-waits`: live, and a newer version of it was validated.
 * - `not-live`: validated, and nothing of it is live yet.
 * - `leaving`: live, and gone from what was validated last.
 */
export const apiStateSchema = z.enum(['live', 'newer-waits', 'not-live', 'leaving']);

/** The commit with which an API became what it is, and when (validated, or live: as `shows` says). */
export const sinceSchema = z.object({ commit: commitSchema, at: instantSchema });

export const apiSummarySchema = apiEntrySchema
  .pick({
    name: true,
    title: true,
    version: true,
    lifecycle: true,
    visibility: true,
    owner: true,
    labels: true,
    exposure: true,
    policy: true,
    plans: true,
    unit: true,
  })
  .extend({
    environment: nameSchema,
    state: apiStateSchema,
    /** Which state the other fields are of: the live one where there is one. */
    shows: z.enum(['live', 'validated']),
    since: sinceSchema,
    operations: z.int().nonnegative(),
    /** With a search: the first operations that it hit, in the live version or in one that waits. */
    matches: z.array(catalogueOperationSchema.extend({ live: z.boolean() })),
  });

export const catalogueEnvironmentSchema = z.object({
  name: nameSchema,
  live: revisionSchema.extend({ snapshot: digestSchema }).nullable(),
  validated: revisionSchema.extend({ snapshot: digestSchema }).nullable(),
  /** APIs and operations, of the live state. */
  apis: z.int().nonnegative(),
  operations: z.int().nonnegative(),
  /** APIs that were validated and are not live so. */
  newer: catalogueChangesSchema.shape.counts,
  /** The last validated revision that changed something, its changes cut to the first 20 APIs. */
  lastRevision: revisionSchema
    .extend({ author: personSchema, message: z.string(), changes: catalogueChangesSchema })
    .nullable(),
});

/** validator `GET /apis?environment=&search=&lifecycle=&visibility=&state=&label=&limit=&offset=`: best match first, then by name. */
export const catalogueViewSchema = z.object({
  items: z.array(apiSummarySchema),
  total: z.int().nonnegative(),
  /** The offset of the next page; null on the last. */
  next: z.int().nullable(),
  environments: z.array(catalogueEnvironmentSchema),
});

const listedApiSchema = apiEntrySchema.extend({
  since: sinceSchema,
  /** How many there are; `operations` may be cut. */
  operationCount: z.int().nonnegative(),
});

/** One API in one environment. */
export const apiViewSchema = z.object({
  environment: nameSchema,
  state: apiStateSchema,
  shows: z.enum(['live', 'validated']),
  api: listedApiSchema,
  /** The plans that open it, with their limits. */
  plans: z.array(planEntrySchema),
  /** The version that waits, and what it changes against the live one. */
  next: z.object({ api: listedApiSchema, changes: apiChangeSchema }).nullable(),
  /** What revisions changed in it, newest first. */
  history: z.array(revisionSchema.extend({ author: personSchema, message: z.string(), change: apiChangeSchema })),
});

/** validator `GET /apis/:name?environment=`: one item per environment that has it, by name. */
export const apiViewsSchema = z.object({ items: z.array(apiViewSchema) });

/** What may be asked of `GET /apis`; `label` is `team=pets,tier`, all of which must hold. */
export const catalogueQuerySchema = z.strictObject({
  environment: nameSchema.optional(),
  search: z.string().max(200).optional(),
  lifecycle: apiUnitSchema.shape.lifecycle.optional(),
  visibility: apiUnitSchema.shape.visibility.optional(),
  state: apiStateSchema.optional(),
  label: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export const apiQuerySchema = z.strictObject({ environment: nameSchema.optional() });

export type CatalogueOperation = z.infer<typeof catalogueOperationSchema>;
export type ApiEntry = z.infer<typeof apiEntrySchema>;
export type PlanEntry = z.infer<typeof planEntrySchema>;
export type ApiChange = z.infer<typeof apiChangeSchema>;
export type PlanChange = z.infer<typeof planChangeSchema>;
export type CatalogueChanges = z.infer<typeof catalogueChangesSchema>;
export type ApiState = z.infer<typeof apiStateSchema>;
export type ApiSummary = z.infer<typeof apiSummarySchema>;
export type CatalogueEnvironment = z.infer<typeof catalogueEnvironmentSchema>;
export type CatalogueView = z.infer<typeof catalogueViewSchema>;
export type CatalogueQuery = z.infer<typeof catalogueQuerySchema>;
export type ApiView = z.infer<typeof apiViewSchema>;
export type ApiViews = z.infer<typeof apiViewsSchema>;
