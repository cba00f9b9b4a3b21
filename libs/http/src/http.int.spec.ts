import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, NotFoundException, Param, Post, Query, Req } from '@nestjs/common';
import { problemDetailsSchema } from '@gitway/contracts';
import { ConflictError, InternalError, InvalidInputError, TransientError } from '@gitway/errors';
import { z } from 'zod';
import { Open, ProgressMonitor, Readiness, zodBody, zodParam, zodQuery } from './index.ts';
import { startTestApp, token, type TestApp } from './testing/test-app.ts';

const thrown: Record<string, () => unknown> = {
  invalid: () =>
    new InvalidInputError('bad-name', 'the name is wrong', { fields: [{ field: 'name', message: 'is wrong' }] }),
  conflict: () => new ConflictError('too-late', 'somebody was faster'),
  transient: () => new TransientError('away', 'the deployer does not answer'),
  internal: () => new InternalError('corrupt', 'row 7 of table secrets'),
  unknown: () => new Error('connect postgres://user:hunter2@db'),
  nothing: () => undefined,
  nest: () => new NotFoundException('no such thing'),
};

@Controller()
class SampleController {
  @Open()
  @Get('throw/:what')
  throw(@Param('what') what: string): void {
    throw thrown[what]!();
  }

  @Get('closed')
  closed() {
    return { seen: true };
  }

  @Post('body')
  body(@Body(zodBody(z.strictObject({ name: z.string().min(1), limit: z.int().max(5) }))) body: unknown) {
    return body;
  }

  @Get('query')
  query(@Query(zodQuery(z.object({ limit: z.coerce.number().int().max(100).default(20) }))) query: unknown) {
    return query;
  }

  @Get('things/:id')
  thing(@Param('id', zodParam(z.coerce.number().int())) id: number) {
    return { id };
  }

  @Open()
  @Post('webhooks/:source')
  webhook(@Req() request: { body?: unknown }) {
    const { body } = request;
    return { bytes: Buffer.isBuffer(body) ? body.toString('latin1') : null };
  }
}

let answer: (() => void) | null = null;
let arrived: (() => void) | null = null;

@Controller()
class SlowController {
  @Open()
  @Get('slow')
  slow() {
    arrived?.();
    return new Promise<string>((resolve) => {
      answer = () => resolve('answered');
    });
  }
}

let app: TestApp;
let metricsCalls = 0;
beforeAll(async () => {
  app = await startTestApp([SampleController], {
    jsonLimitBytes: 1_000,
    rawLimitBytes: 2_000,
    metrics: () => `calls ${++metricsCalls}\n`,
  });
});
afterAll(async () => {
  await app.close();
});

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = problemDetailsSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
}

describe('problem details', () => {
  it('say what is wrong with the input, field by field', async () => {
    const problem = await problemOf(await app.get('/throw/invalid'));
    expect(problem).toMatchObject({
      type: 'urn:gitway:problem:bad-name',
      title: 'Bad name',
      status: 400,
      detail: 'the name is wrong',
      errors: [{ field: 'name', message: 'is wrong' }],
    });
  });

  it('map conflicts, peers that are away and Nest exceptions', async () => {
    expect(await problemOf(await app.get('/throw/conflict'))).toMatchObject({ status: 409 });
    const away = await app.get('/throw/transient');
    expect(away.headers.get('retry-after')).toBe('1');
    expect(await problemOf(away)).toMatchObject({ status: 503, detail: 'the deployer does not answer' });
    expect(await problemOf(await app.get('/throw/nest'))).toMatchObject({
      type: 'urn:gitway:problem:not-found',
      status: 404,
      detail: 'no such thing',
    });
    expect(await problemOf(await app.get('/nowhere'))).toMatchObject({ status: 404 });
  });

  it.each(['internal', 'unknown', 'nothing'])('tell nothing of an %s error but where the log has it', async (what) => {
    const before = app.logged.length;
    const problem = await problemOf(await app.get(`/throw/${what}`));
    expect(problem).toMatchObject({ type: 'urn:gitway:problem:internal', status: 500 });
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|postgres|secrets|row 7/);
    expect(app.logged.slice(before).join('\n')).toContain(problem.instance);
  });
});

describe('input', () => {
  it('is parsed by its schema', async () => {
    expect(await (await app.post('/body', '{"name":"a","limit":5}')).json()).toEqual({ name: 'a', limit: 5 });
    expect(await (await app.get('/query?limit=7')).json()).toEqual({ limit: 7 });
    expect(await (await app.get('/query')).json()).toEqual({ limit: 20 });
    expect(await (await app.get('/things/12')).json()).toEqual({ id: 12 });
  });

  it('is refused with the name of each bad field', async () => {
    const problem = await problemOf(await app.post('/body', '{"name":"","limit":6,"__proto__x":1}'));
    expect(problem.status).toBe(400);
    expect(problem.errors?.map((error) => error.field).sort()).toEqual(['', 'limit', 'name']);
    expect((await problemOf(await app.get('/query?limit=x'))).errors?.[0]?.field).toBe('limit');
    expect((await problemOf(await app.get('/query?limit=1&limit=2'))).status).toBe(400);
    expect((await problemOf(await app.get('/things/x'))).type).toBe('urn:gitway:problem:invalid-path');
  });

  it('that is no JSON, or too large, is refused without being read', async () => {
    expect(await problemOf(await app.post('/body', '{"name":'))).toMatchObject({ status: 400 });
    expect(await problemOf(await app.post('/body', `{"name":"${'x'.repeat(2_000)}"}`))).toMatchObject({ status: 413 });
    expect((await app.post('/body', 'name=a', { 'gitway-internal-token': token })).status).toBe(400);
  });

  it('of a webhook arrives byte for byte, whatever it claims to be', async () => {
    const headers = { 'content-type': 'application/json' };
    const bytes = new Uint8Array([0x7b, 0x0a, 0xff, 0x00, 0x7d]);
    expect(await (await app.post('/webhooks/demo', bytes, headers)).json()).toEqual({ bytes: '{\n\u00ff\u0000}' });
    expect(await (await app.post('/webhooks/demo', 'a=1', {})).json()).toEqual({ bytes: 'a=1' });
    expect(await problemOf(await app.post('/webhooks/demo', 'x'.repeat(2_001), headers))).toMatchObject({
      status: 413,
    });
    expect(await problemOf(await app.post('/webhooks/demo', 'x', { 'content-encoding': 'gzip' }))).toMatchObject({
      status: 415,
    });
  });
});

describe('the internal token', () => {
  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['a wrong one', { 'gitway-internal-token': 'wrong' }],
    ['an empty one', { 'gitway-internal-token': '' }],
    ['one with a tail', { 'gitway-internal-token': `${token}x` }],
    ['a wrong bearer', { authorization: 'Bearer wrong' }],
  ])('is needed: %s gets 401', async (_, headers) => {
    for (const path of ['/closed', '/metrics', '/query']) {
      const response = await app.get(path, headers);
      expect((await problemOf(response)).type).toBe('urn:gitway:problem:internal-token-required');
      expect(response.status).toBe(401);
    }
  });

  it('opens what it should, as a header and as a bearer', async () => {
    expect((await app.get('/closed')).status).toBe(200);
    expect((await app.get('/closed', { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('is not needed for health', async () => {
    expect((await app.get('/health/live', {})).status).toBe(200);
    expect((await app.get('/health/ready', {})).status).toBe(200);
  });
});

describe('health', () => {
  it('calls a service stuck when a loop has been silent for too long, and names it', async () => {
    const beat = app.app.get(ProgressMonitor).beat('outbox relay', -1);
    const stuck = await app.get('/health/live');
    expect(stuck.status).toBe(503);
    expect(await stuck.json()).toMatchObject({ status: 'stuck', silent: [{ name: 'outbox relay' }] });
    beat.stop();
    expect((await app.get('/health/live')).status).toBe(200);
  });

  it('is not ready while a part does not answer or the service drains', async () => {
    const readiness = app.app.get(Readiness);
    readiness.add('nats', () => Promise.reject(new Error('connection refused')));
    const away = await app.get('/health/ready');
    expect(away.status).toBe(503);
    expect(await away.json()).toEqual({ status: 'not-ready', checks: { nats: 'connection refused' } });
    readiness.add('nats', () => Promise.resolve());
    expect(await (await app.get('/health/ready')).json()).toEqual({ status: 'ready', checks: { nats: 'ok' } });
    readiness.drain();
    expect((await app.get('/health/ready')).status).toBe(503);
  });

  it('answers the metrics as text', async () => {
    const response = await app.get('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toBe(`calls ${metricsCalls}\n`);
  });
});

describe('closing', () => {
  it('answers what is in hand and waits for no connection that says nothing', async () => {
    const closing = await startTestApp([SlowController]);
    const silent = connect(Number(new URL(closing.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const inHand = new Promise<void>((resolve) => (arrived = resolve));
    const slow = fetch(`${closing.url}/slow`);
    await inHand;
    const closed = closing.close();
    await once(silent, 'close');
    answer?.();
    expect(await (await slow).text()).toBe('answered');
    await closed;
  });

  it('does not wait for ever for a handler that hangs', async () => {
    const closing = await startTestApp([SlowController], { closeGraceMs: 50 });
    const inHand = new Promise<void>((resolve) => (arrived = resolve));
    const slow = fetch(`${closing.url}/slow`);
    await inHand;
    await Promise.all([closing.close(), expect(slow).rejects.toThrow('fetch failed')]);
  });
});
