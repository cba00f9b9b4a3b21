import type { CallRecord, TrafficBatch } from '@gitway/contracts';
import { LatencySketch } from './latency-sketch.ts';

export const SAMPLE_MS = 10_000;
export const MINUTE_MS = 60_000;

/** Who called what with which answer, per minute. Empty strings stand for "none", since they are part of a key. */
export interface UsageRow {
  readonly minute: number;
  readonly gateway: string;
  readonly api: string;
  readonly operation: string;
  readonly consumer: string;
  readonly snapshot: string;
  readonly status: number;
  calls: number;
  bytesIn: number;
  bytesOut: number;
  lastAt: number;
}

/** How an operation did under one revision, per ten seconds: what verdicts and percentiles are made from. */
export interface SampleRow {
  readonly bucket: number;
  readonly api: string;
  readonly operation: string;
  readonly snapshot: string;
  /** Without those that the gateway refused. */
  requests: number;
  errors: number;
  readonly latency: LatencySketch;
}

export interface Rollup {
  readonly usage: UsageRow[];
  readonly samples: SampleRow[];
}

export interface RollupLimits {
  /** When the batch was received: calls of a clock that runs ahead count as now. */
  readonly now: number;
  /** Calls from before this are dropped. */
  readonly oldest: number;
}

/** 5xx, whoever said it. The gateway's refusals (401, 403, 404, 429 …) and a caller who hung up are no errors. */
export const isError = (call: Pick<CallRecord, 'status'>): boolean => call.status >= 500;

/** The gateway's own 4xx. */
export const isRefused = (call: Pick<CallRecord, 'status' | 'answeredBy'>): boolean =>
  call.answeredBy === 'gateway' && call.status >= 400 && call.status < 500;

/** No answer was given: the caller was gone first. */
const isUnanswered = (call: Pick<CallRecord, 'status'>): boolean => call.status < 100;

const MAX_NAME = 300;

/** Bounded, and without NUL, which PostgreSQL's text cannot hold. */
const nameOf = (name: string | null): string => (name ?? '').replaceAll('\0', '').slice(0, MAX_NAME);

/** Adds up the calls of one batch. Sorted by key, so that transactions which write the same rows meet them in one order. */
export function rollUp(batch: TrafficBatch, limits: RollupLimits): Rollup {
  const usage = new Map<string, UsageRow>();
  const samples = new Map<string, SampleRow>();
  const snapshot = batch.snapshot ?? '';
  for (const call of batch.calls) {
    const at = Math.min(call.at, limits.now);
    if (at < limits.oldest) continue;
    countUsage(usage, batch.gateway, snapshot, call, at);
    if (call.api !== null && !isRefused(call) && !isUnanswered(call)) countSample(samples, snapshot, call, at);
  }
  return { usage: sorted(usage), samples: sorted(samples) };
}

/** For how many calls one stands: whole numbers, which the time of arrival draws so that they are right on average. */
export function callsFor({ share = 1, at }: Pick<CallRecord, 'share' | 'at'>): number {
  const many = 1 / share;
  const whole = Math.floor(many);
  return whole + ((at % 1000) / 1000 < many - whole ? 1 : 0);
}

function countUsage(rows: Map<string, UsageRow>, gateway: string, snapshot: string, call: CallRecord, at: number) {
  const minute = at - (at % MINUTE_MS);
  const api = call.api ?? '';
  const operation = nameOf(call.operation);
  const consumer = nameOf(call.consumer);
  const status = Math.min(Math.max(call.status, -1), 999);
  const row = getOrAdd(rows, [minute, api, operation, consumer, status], () => ({
    minute,
    gateway,
    api,
    operation,
    consumer,
    snapshot,
    status,
    calls: 0,
    bytesIn: 0,
    bytesOut: 0,
    lastAt: 0,
  }));
  const calls = callsFor(call);
  row.calls += calls;
  row.bytesIn += call.bytesIn * calls;
  row.bytesOut += call.bytesOut * calls;
  row.lastAt = Math.max(row.lastAt, at);
}

function countSample(rows: Map<string, SampleRow>, snapshot: string, call: CallRecord, at: number) {
  const bucket = at - (at % SAMPLE_MS);
  const api = call.api as string;
  const operation = nameOf(call.operation);
  const row = getOrAdd(rows, [bucket, api, operation], () => ({
    bucket,
    api,
    operation,
    snapshot,
    requests: 0,
    errors: 0,
    latency: LatencySketch.empty(),
  }));
  row.requests += callsFor(call);
  if (isError(call)) row.errors += 1;
  if (call.answeredBy === 'upstream' && call.totalMs >= 0) row.latency.add(call.totalMs);
}

function getOrAdd<Row>(rows: Map<string, Row>, key: (string | number)[], make: () => Row): Row {
  const text = key.join('\0');
  let row = rows.get(text);
  if (row === undefined) rows.set(text, (row = make()));
  return row;
}

const sorted = <Row>(rows: Map<string, Row>): Row[] =>
  [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
