import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readWebhook, verifyWebhook } from './webhook.ts';

const commit = 'a'.repeat(40);
const none = '0'.repeat(40);
const read = (headers: Record<string, string>, payload: unknown) =>
  readWebhook(headers, Buffer.from(JSON.stringify(payload)));

describe('a webhook', () => {
  it.each<[string, Record<string, string>, unknown]>([
    ['GitHub', { 'x-github-event': 'push' }, { ref: 'refs/heads/main', before: none, after: commit }],
    ['GitLab', { 'x-gitlab-event': 'Push Hook' }, { object_kind: 'push', ref: 'refs/heads/main', after: commit }],
    ['Gitea', { 'x-gitea-event': 'push' }, { ref: 'refs/heads/main', after: commit }],
    [
      'Bitbucket Cloud',
      { 'x-event-key': 'repo:push' },
      { push: { changes: [{ old: null, new: { type: 'branch', name: 'main', target: { hash: commit } } }] } },
    ],
    [
      'Bitbucket Server',
      { 'x-event-key': 'repo:refs_changed' },
      { changes: [{ ref: { id: 'refs/heads/main' }, fromHash: none, toHash: commit }] },
    ],
    ['Azure DevOps', {}, { resource: { refUpdates: [{ name: 'refs/heads/main', newObjectId: commit }] } }],
    ['anything', {}, { ref: 'refs/heads/main', after: commit }],
  ])('of %s names the ref and the commit', (_, headers, payload) => {
    expect(read(headers, payload)).toMatchObject({ kind: 'push', refs: [{ ref: 'refs/heads/main', after: commit }] });
  });

  it('knows a deletion, a ping and what is no push', () => {
    expect(read({ 'x-github-event': 'push' }, { ref: 'refs/heads/main', after: none }).refs).toEqual([
      { ref: 'refs/heads/main', after: null },
    ]);
    const deleted = { push: { changes: [{ old: { type: 'branch', name: 'main' }, new: null }] } };
    expect(read({ 'x-event-key': 'repo:push' }, deleted).refs).toEqual([{ ref: 'refs/heads/main', after: null }]);
    expect(read({ 'x-github-event': 'ping' }, { zen: 'x' }).kind).toBe('ping');
    expect(read({ 'x-github-event': 'issues' }, { action: 'opened' }).kind).toBe('other');
    expect(read({}, {}).kind).toBe('unknown');
  });

  it('may be of any wrong shape', () => {
    for (const payload of [
      { push: null },
      { push: { changes: 'x' } },
      { changes: [null, 1, { ref: 1 }] },
      { resource: { refUpdates: [{}] } },
      { ref: 5, after: {} },
      { ref: 'main', after: commit },
    ]) {
      expect(read({}, payload).refs).toEqual([]);
    }
    for (const body of ['', 'null', '1', '[]', '{', '{"a":']) {
      expect(() => readWebhook({}, Buffer.from(body))).toThrow(/no JSON object/);
    }
  });

  it('may be a form with the payload in it, as GitHub sends it on request', () => {
    const body = new URLSearchParams({ payload: JSON.stringify({ ref: 'refs/heads/main', after: commit }) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-github-event': 'push' };
    expect(readWebhook(headers, Buffer.from(body)).refs).toHaveLength(1);
  });

  it('has the delivery id of its forge, bounded', () => {
    expect(read({ 'x-github-delivery': 'd' }, {}).deliveryId).toBe('d');
    expect(read({ 'x-gitlab-event-uuid': 'e' }, {}).deliveryId).toBe('e');
    expect(read({}, {}).deliveryId).toBeNull();
    expect(read({ 'x-github-delivery': 'x'.repeat(500) }, {}).deliveryId).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the signature of a webhook', () => {
  const secret = 'a-secret-of-16-or-more';
  const body = Buffer.from('{"a":1}');
  const hmac = createHmac('sha256', secret).update(body).digest('hex');

  it.each<[string, Record<string, string>]>([
    ['GitHub', { 'x-hub-signature-256': `sha256=${hmac}` }],
    ['Gitea', { 'x-gitea-signature': hmac }],
    ['Bitbucket', { 'x-hub-signature': `sha256=${hmac}` }],
    ['the generic form', { 'x-gitway-signature': `sha256=${hmac.toUpperCase()}` }],
    ['GitLab', { 'x-gitlab-token': secret }],
  ])('of %s is accepted', (_, headers) => {
    expect(() => verifyWebhook(headers, body, secret)).not.toThrow();
  });

  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['an empty one', { 'x-hub-signature-256': '' }],
    ['of another body', { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update('x').digest('hex')}` }],
    ['of another secret', { 'x-hub-signature-256': `sha256=${createHmac('sha256', 'y').update(body).digest('hex')}` }],
    ['a cut one', { 'x-hub-signature-256': `sha256=${hmac.slice(0, 40)}` }],
    ['the secret in the wrong place', { 'x-hub-signature-256': secret }],
    ['a wrong token', { 'x-gitlab-token': `${secret}x` }],
    ['an HMAC as a token', { 'x-gitlab-token': hmac }],
  ])('is refused: %s', (_, headers) => {
    expect(() => verifyWebhook(headers, body, secret)).toThrow(/not signed with the secret/);
  });
});
