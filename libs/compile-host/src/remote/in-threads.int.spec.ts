import { describe, expect, it } from '@jest/globals';
import { redirectTo, useWebServer } from '@gitway/testing';
import { inNode } from '../testing/in-node.ts';

const web = useWebServer();

describe('a large document that refers to another server', () => {
  it('is read in a thread, which itself asks nobody, as it is read here', async () => {
    web.answer({
      '/v1/pets.yaml': `/pets: { $ref: './more.yaml#/pets' }\n`,
      '/v1/more.yaml': "pets: { get: { operationId: listPets, responses: { '200': { description: ok } } } }\n",
      '/v1/away.yaml': redirectTo('http://169.254.169.254/'),
    });
    const outcomes = await inNode<{ operations: unknown; said: string[]; others: string[] }[]>(`
      const session = new host.RemoteSession([host.parseAllowedHost(${JSON.stringify(`http://${web.host()}`)})]);
      const open = async (url) => {
        const file = session.allows(url) ? await session.take(url) : undefined;
        if (file === undefined) return { refused: 'remote' };
        return 'bytes' in file ? file : { refused: 'unreachable', reason: file.unreachable };
      };
      const document = (...refs) => JSON.stringify({
        openapi: '3.0.3',
        info: { title: 'Pets', version: '1', description: 'x'.repeat(10_000) },
        paths: Object.fromEntries(refs.map((ref, index) => ['/' + index, { $ref: ref }])),
      });
      const url = (path) => ${JSON.stringify(web.url(''))} + path;
      const good = document(url('/v1/pets.yaml#/~1pets'));
      const bad = document(url('/v1/away.yaml'), 'https://other.example.com/x.yaml');
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 60_000, memoryLimitMb: 1_024 });
      const told = ({ model, findings, others }) => ({
        operations: model?.operations,
        said: findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
        others,
      });
      const readings = [];
      for (const text of [good, bad])
        for (const read of [readDocument, (job) => pool.read(job)]) readings.push(told(await read(jobOf('a.json', text, open))));
      await pool.close();
      tell(readings);
    `);
    const [goodHere, goodThere, badHere, badThere] = outcomes;
    expect([goodThere, badThere]).toEqual([goodHere, badHere]);
    expect(goodHere).toMatchObject({ operations: [{ id: 'listPets', path: '/0' }], said: [] });
    expect(goodHere!.others).toEqual([web.url('/v1/more.yaml'), web.url('/v1/pets.yaml')]);
    expect(badHere!.said.join('\n')).toMatch(/which is not allowed[^]*`other\.example\.com` is not allowed/);
  }, 60_000);
});
