import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ForbiddenError, InvalidInputError } from '@gitway/errors';

/** Header names in lower case, as Node gives them. */
export type WebhookHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What a forge says has happened. Never believed, only a reason to ask the repository. */
export interface WebhookHint {
  /** `ping` and `other` are answered and change nothing; `unknown` is signed but of no known shape. */
  readonly kind: 'push' | 'ping' | 'other' | 'unknown';
  /** Refs that are said to have changed; `after` is null for a deletion. Empty where the shape does not say. */
  readonly refs: readonly { readonly ref: string; readonly after: string | null }[];
  /** The forge's own id of this delivery; null where it sends none. */
  readonly deliveryId: string | null;
}

const deliveryHeaders = [
  'x-gitway-delivery',
  'x-github-delivery',
  'x-gitea-delivery',
  'x-gogs-delivery',
  'x-gitlab-event-uuid',
  'x-request-uuid',
  'x-request-id',
];
/** Headers that carry an HMAC-SHA-256 of the body in hex, with or without `sha256=` before it. */
const signatureHeaders = [
  'x-gitway-signature',
  'x-hub-signature-256',
  'x-hub-signature',
  'x-gitea-signature',
  'x-gogs-signature',
];
const eventHeaders = ['x-github-event', 'x-gitea-event', 'x-gogs-event', 'x-gitlab-event', 'x-event-key'];

/**
 * Checks who sent a webhook: an HMAC of the body, or the shared secret itself as GitLab sends it. Compared in
 * constant time.
 *
 * @throws ForbiddenError `bad-webhook-signature`.
 */
export function verifyWebhook(headers: WebhookHeaders, body: Uint8Array, secret: string): void {
  const expected = createHmac('sha256', secret).update(body).digest('hex');
  const signed = signatureHeaders.map((name) => header(headers, name)).filter((value) => value !== '');
  const given = signed.length > 0 ? signed.map((value) => value.replace(/^sha256=/, '').toLowerCase()) : null;
  const valid = given
    ? given.some((value) => sameSecret(value, expected))
    : sameSecret(header(headers, 'x-gitlab-token'), secret);
  if (!valid) {
    throw new ForbiddenError(
      'bad-webhook-signature',
      'The webhook is not signed with the secret of this source; set the same secret at the forge and in the source.',
    );
  }
}

/** @throws InvalidInputError `bad-webhook-body` for what is no JSON object. */
export function readWebhook(headers: WebhookHeaders, body: Uint8Array): WebhookHint {
  const event = eventHeaders.map((name) => header(headers, name)).find((value) => value !== '') ?? '';
  const id = deliveryHeaders.map((name) => header(headers, name)).find((value) => value !== '') ?? null;
  const deliveryId = id === null ? null : id.length <= 100 ? id : createHash('sha256').update(id).digest('hex');
  const payload = parseBody(headers, body);
  if (/^(ping|diagnostics:ping)$/.test(event)) return { kind: 'ping', refs: [], deliveryId };
  const refs = pushedRefs(payload).filter(({ ref }) => ref.length <= 300);
  if (refs.length > 0) return { kind: 'push', refs, deliveryId };
  // GitHub, Gitea and Gogs tell a created or deleted branch in an event of its own, next to its push.
  const pushLike = /^(push|create|delete|push hook|system hook|repo:push|repo:refs_changed|git\.push)$/i;
  return { kind: event === '' ? 'unknown' : pushLike.test(event) ? 'push' : 'other', refs: [], deliveryId };
}

type Json = Record<string, unknown>;

function pushedRefs(payload: Json): { ref: string; after: string | null }[] {
  const found: { ref: string; after: string | null }[] = [];
  const add = (ref: unknown, after: unknown) => {
    if (typeof ref === 'string' && ref.startsWith('refs/')) found.push({ ref, after: commitOrNull(after) });
  };
  // GitHub, GitLab, Gitea, Gogs and the generic form: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
  if ('after' in payload) add(payload['ref'], payload['after']);
  // Bitbucket Cloud: https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Push
  for (const change of records(record(payload['push'])['changes'])) {
    const named = change['new'] === null ? record(change['old']) : record(change['new']);
    const folder = named['type'] === 'tag' ? 'tags' : 'heads';
    const after = record(record(change['new'])['target'])['hash'];
    if (typeof named['name'] === 'string') add(`refs/${folder}/${named['name']}`, after);
  }
  // Bitbucket Server: https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
  for (const change of records(payload['changes'])) add(record(change['ref'])['id'], change['toHash']);
  // Azure DevOps: https://learn.microsoft.com/en-us/azure/devops/service-hooks/events#git.push
  for (const update of records(record(payload['resource'])['refUpdates'])) add(update['name'], update['newObjectId']);
  return found.slice(0, 1000);
}

function parseBody(headers: WebhookHeaders, body: Uint8Array): Json {
  let text = Buffer.from(body).toString('utf8');
  if (header(headers, 'content-type').startsWith('application/x-www-form-urlencoded')) {
    text = new URLSearchParams(text).get('payload') ?? '';
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Json;
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw new InvalidInputError(
    'bad-webhook-body',
    'The body of the webhook is no JSON object; send it as application/json.',
  );
}

function commitOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) && !/^0+$/.test(value) ? value : null;
}

function record(value: unknown): Json {
  return value !== null && typeof value === 'object' ? (value as Json) : {};
}

function records(value: unknown): Json[] {
  return Array.isArray(value) ? value.slice(0, 1000).map(record) : [];
}

function header(headers: WebhookHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
