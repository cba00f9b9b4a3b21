import { describe, expect, it } from '@jest/globals';
import { commitRejected, commitValidated, deployed, type Finding, reportSchema } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import { BusFactPublisher, JetStreamBus } from '@gitway/messaging';
import { useWebServer, waitFor } from '@gitway/testing';
import { loadValidatorConfig } from './config.ts';
import { liveFact, zoo } from './testing/files.ts';
import { internalToken, useValidator } from './testing/use-validator.ts';

const web = useWebServer();
const validator = useValidator(() => ({ GITWAY_REMOTE_REFS: `allowed=http://${web.host()}` }));

const listPets = "get: { operationId: listPets, responses: { '200': { description: ok } } }";
const parts = (extra = '') => `pets: { ${listPets}${extra} }\n`;
const feedPets = ", post: { operationId: feedPets, responses: { '200': { description: ok } } }";
const files = (name: string, title = 'Pets') =>
  zoo(name, {
    'pets.openapi.yaml': `openapi: 3.0.3\ninfo: { title: ${title}, version: 1.0.0 }\npaths:\n  /pets:\n    $ref: '${web.url('/parts.yaml')}#/pets'\n`,
  });

const findingsOf = async (commit: string): Promise<readonly Finding[]> =>
  reportSchema.parse((await validator.get(`/commits/${commit}/report`)).body).findings;

async function validated(name: string, source: string, title?: string) {
  const { id, commit } = await validator.push(files(name, title), { source });
  const [event] = await validator.caused(commitValidated, id);
  return { commit, snapshot: event!.data.snapshot };
}

async function rejected(name: string, source: string): Promise<readonly Finding[]> {
  const { id, commit } = await validator.push(files(name), { source });
  await validator.caused(commitRejected, id);
  return findingsOf(commit);
}

async function goLive(name: string, revision: { commit: string; snapshot: string }): Promise<void> {
  const bus = new JetStreamBus(await validator.messaging.connectAs('deployer'));
  await new BusFactPublisher(bus).publish(deployed, liveFact(name, revision));
  await waitFor(async () => {
    const { body } = await validator.get(`/apis?environment=${name}`);
    return JSON.stringify((body as { environments: { live: unknown }[] }).environments[0]?.live).includes(
      revision.commit,
    );
  });
}

describe('a document that refers to another server', () => {
  it('is refused to a source that may not, and nobody is asked', async () => {
    web.answer({ '/parts.yaml': parts() });
    const [found] = await rejected('other', 'other');
    expect(found).toMatchObject({ rule: 'openapi-ref', where: { file: 'pets.openapi.yaml', range: { line: 5 } } });
    expect(found!.message).toContain(`\`http://${web.host()}\` is not allowed`);
    expect(web.asked).toEqual([]);
  });

  it('is read for a source that may, and compared with what was deployed, whatever the server says by now', async () => {
    web.answer({ '/parts.yaml': parts(feedPets) });
    const first = await validated('allowed', 'allowed');
    await goLive('allowed', first);
    web.answer({ '/parts.yaml': parts() });
    const second = await validated('allowed', 'allowed', 'Our pets');
    expect(second.snapshot).not.toBe(first.snapshot);
    expect(await findingsOf(second.commit)).toContainEqual(
      expect.objectContaining({
        rule: 'api-removed-without-deprecation',
        message: expect.stringContaining('POST /pets') as unknown as string,
        where: expect.objectContaining({ file: 'pets.openapi.yaml' }) as unknown as Finding['where'],
      }),
    );
    expect(web.paths()).toEqual(['/parts.yaml', '/parts.yaml']);
  });

  it('is refused where the server does not answer, and what was validated stays', async () => {
    const [found] = await rejected('allowed', 'allowed');
    expect(found).toMatchObject({
      rule: 'openapi-ref',
      message: expect.stringContaining('it answered 404') as unknown,
    });
  });
});

describe('GITWAY_REMOTE_REFS', () => {
  it('names what is wrong with it, and repeats nothing of it', () => {
    const load = () =>
      loadValidatorConfig({
        GITWAY_NATS_URL: 'nats://127.0.0.1:4222',
        GITWAY_NATS_USER: 'validator',
        GITWAY_NATS_PASSWORD: 'a-password',
        GITWAY_INTERNAL_TOKEN: internalToken,
        GITWAY_DATABASE_URL: 'postgres://127.0.0.1/validator',
        GITWAY_REMOTE_REFS: 'shop=schemas.example.com;zoo=me:hidden@specs.example.com',
      });
    expect(load).toThrow(InvalidInputError);
    expect(load).toThrow(/GITWAY_REMOTE_REFS: part 2 .* host 1 holds credentials/);
    expect(load).not.toThrow(/hidden/);
  });
});
