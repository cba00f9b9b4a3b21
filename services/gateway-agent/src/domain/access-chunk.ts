import { type CallRecord, callRecordSchema } from '@gitway/contracts';
import { type AccessRecord, parseAccessLine, UNKNOWN_TOKEN_KEY } from '@gitway/drivers';

/** A batch has to stay well under the message limit of 1 MiB. */
export const MAX_RECORDS = 1000;
/** Of lines for one chunk; a record is hardly longer than its line, but for characters that JSON escapes. */
export const MAX_BYTES = 512 * 1024;
/** HAProxy cuts a line at 16 KiB. What goes on for longer without an end is no line. */
export const MAX_LINE_BYTES = 64 * 1024;

export interface Chunk {
  /** Bytes of the file that it covers; it ends with a whole line. */
  readonly length: number;
  /** Calls by revision, in the order in which the revisions first appear. A revision that is not known is null. */
  readonly groups: readonly { readonly snapshot: string | null; readonly calls: readonly CallRecord[] }[];
  /** Lines that should have been a call and cannot be read. */
  readonly lost: number;
  /** APIs that were sent a token whose key is not known. */
  readonly unknownKeys: ReadonlySet<string>;
}

/** Names the operation of a call. */
export type NameOperation = (snapshot: string | null, api: string, method: string, path: string) => string | null;

/**
 * The first whole lines of some bytes of the log. It depends on the bytes alone, so that after a crash the same bytes
 * make the same batches; null when there is no whole line yet.
 */
export function readChunk(bytes: Buffer, nameOperation: NameOperation, maxRecords = MAX_RECORDS): Chunk | null {
  const groups = new Map<string | null, CallRecord[]>();
  const unknownKeys = new Set<string>();
  let at = 0;
  let records = 0;
  let lost = 0;
  while (records < maxRecords && at < MAX_BYTES) {
    // Space that was freed in the file reads as zeros.
    while (at < bytes.length && bytes[at] === 0) at += 1;
    const end = bytes.indexOf(10, at);
    if (end < 0) {
      if (bytes.length - at <= MAX_LINE_BYTES) break;
      lost += 1;
      at = bytes.length;
      break;
    }
    const line = bytes.toString('utf8', at, end);
    at = end + 1;
    if (!line.startsWith('{')) continue;
    const access = parseAccessLine(line);
    const call = access === null ? null : callOf(access, nameOperation);
    if (access === null || call === null) {
      lost += 1;
      continue;
    }
    records += 1;
    if (access.refusal === UNKNOWN_TOKEN_KEY && access.api !== null) unknownKeys.add(access.api);
    const group = groups.get(access.snapshot);
    if (group === undefined) groups.set(access.snapshot, [call]);
    else group.push(call);
  }
  if (at === 0) return null;
  return { length: at, groups: [...groups].map(([snapshot, calls]) => ({ snapshot, calls })), lost, unknownKeys };
}

function callOf(access: AccessRecord, nameOperation: NameOperation): CallRecord | null {
  const { api, snapshot, method, path } = access;
  const parsed = callRecordSchema.safeParse({
    at: access.at,
    api,
    operation: api === null ? null : nameOperation(snapshot, api, method, path),
    consumer: access.consumer,
    method,
    status: access.status,
    totalMs: access.totalMs,
    upstreamMs: access.upstreamMs,
    bytesIn: access.bytesIn,
    bytesOut: access.bytesOut,
    termination: access.termination,
    answeredBy: access.answeredBy,
    requestId: access.requestId,
    queueMs: access.queueMs,
    connectMs: access.connectMs,
    ...(access.traceId === null ? {} : { traceId: access.traceId }),
    ...(access.version === null ? {} : { apiVersion: access.version }),
    ...(access.share < 1 ? { share: access.share } : {}),
    ...(access.audited ? { audited: true } : {}),
    ...(Object.keys(access.headers).length > 0 ? { headers: access.headers } : {}),
  });
  return parsed.success ? parsed.data : null;
}
