import { describe, expect, it } from '@jest/globals';
import { api, consumer, openApi, plan } from '../testing/workspace.ts';
import { listOnly, publicApi, called, judge, only, removal, type Files } from './testing/judged.ts';

describe('what the gateway asks', () => {
  it.each([
    ['another base path', 'gateway-route-removed', publicApi('', '/animals'), 'no longer answers under `/pets`'],
    [
      'another host',
      'gateway-route-removed',
      { 'apis/pets.yaml': publicApi()['apis/pets.yaml'].replace('api.example.com', 'new.example.com') },
      'no longer answers on `api.example.com`',
    ],
    ['retirement', 'gateway-api-retired', publicApi('  lifecycle: retired\n'), 'answered with 410'],
  ])('%s is weighed by all calls of the API', async (_, rule, revision, says) => {
    const found = only(await judge({ revision, usage: called([{ calls: 5 }]) }), rule);
    expect(found).toMatchObject({ severity: 'error', where: { file: 'apis/pets.yaml' } });
    expect(found.message).toContain(says);
    expect(found.message).toContain('The API: 5 calls by 1 consumer (acme) in 7 days');
  });

  it('calls that the document does not declare, weighed by those calls alone', async () => {
    const closed = {
      'apis/pets.yaml': publicApi()['apis/pets.yaml'].replace('{ hosts:', '{ onlyDeclaredOperations: true, hosts:'),
    };
    const rule = 'gateway-undeclared-refused';
    const usage = called([{ operation: null, calls: 12 }, { calls: 900 }]);
    const found = only(await judge({ revision: closed, usage }), rule);
    expect(found).toMatchObject({
      severity: 'error',
      where: { file: 'apis/pets.yaml', field: 'spec.route.onlyDeclaredOperations' },
    });
    expect(found.message).toContain('What the document does not declare: 12 calls by 1 consumer (acme) in 7 days');
    expect(only(await judge({ revision: closed, usage: called([{ calls: 900 }]) }), rule).severity).toBe('warning');
    const unknown = only(await judge({ revision: closed, usage: { unknown: 'nobody told' } }), rule);
    expect(unknown).toMatchObject({ severity: 'warning', message: expect.stringContaining('is not known') });
    expect(await judge({ live: closed, revision: publicApi(), usage })).toEqual([]);
    expect(await judge({ live: closed, revision: { ...closed, 'more.txt': 'x' }, usage })).toEqual([]);
  });

  it('authentication where there was none', async () => {
    const live = publicApi('  policy: { auth: { anyOf: [none] } }\n');
    const found = only(
      await judge({ live, revision: publicApi(), usage: called([{}]) }),
      'gateway-authentication-added',
    );
    expect(found).toMatchObject({ severity: 'error', where: { file: 'apis/pets.yaml' } });
  });

  it.each([
    [
      '{ anyOf: [apiKey], apiKey: { header: x-old } }',
      '{ anyOf: [apiKey], apiKey: { header: x-new } }',
      'no longer takes a key in the header `x-old`',
    ],
    ['{ anyOf: [apiKey, basic] }', '{ anyOf: [basic] }', 'no longer lets in callers who show `apiKey`'],
  ])('other credentials: %s → %s', async (before, after, says) => {
    const auth = (words: string) => publicApi(`  policy: { auth: ${words} }\n`);
    const revision = auth(after);
    const found = only(
      await judge({ live: auth(before), revision, usage: called([{}]) }),
      'gateway-authentication-changed',
    );
    expect(found).toMatchObject({ severity: 'error', where: { file: 'apis/pets.yaml' } });
    expect(found.message).toContain(says);
  });

  it('of one operation, weighed by its own calls', async () => {
    const open = '  policy: { auth: { anyOf: [none] }';
    const revision = publicApi(`${open}, operations: { deletePet: { auth: { anyOf: [apiKey] } } } }\n`);
    const usage = called([
      { consumer: null, calls: 4 },
      { operation: 'listPets', calls: 900 },
    ]);
    const found = only(
      await judge({ live: publicApi(`${open} }\n`), revision, usage }),
      'gateway-authentication-added',
    );
    expect(found).toMatchObject({ severity: 'error', where: { field: 'spec.policy.operations.deletePet.auth' } });
    expect(found.message).toContain('`DELETE /pets/{id}`: 4 calls by callers without a name');
  });

  it('one more way in breaks nobody', async () => {
    const live = publicApi('  policy: { auth: { anyOf: [basic] } }\n');
    const revision = publicApi('  policy: { auth: { anyOf: [basic, apiKey] } }\n');
    const found = await judge({ live, revision, usage: called([{}]) });
    expect(found.map(({ rule }) => rule)).toEqual([]);
  });

  it('a plan that no longer opens it to its subscribers, weighed by what these called', async () => {
    const live: Files = {
      ...publicApi('  plans: [free, pro]\n'),
      'plans.yaml': `${plan('free')}---\n${plan('pro')}`,
      'acme.yaml': consumer('acme', 'a'.repeat(64), '  plans: [free]\n'),
      'globex.yaml': consumer('globex', 'b'.repeat(64), '  plans: [free, pro]\n'),
    };
    const revision = publicApi('  plans: [pro]\n');
    const usage = called([{ consumer: 'globex', calls: 900 }]);
    const found = only(await judge({ live, revision, usage }), 'gateway-plan-closed');
    expect(found.severity).toBe('warning');
    expect(found.message).toContain('closed to `acme`: plan `free` no longer opens it. The API: no calls in 7 days.');
  });

  it('an API that is gone, unless another one answers in its place', async () => {
    const other = { 'apis/cats.yaml': api('cats'), 'apis/cats.openapi.yaml': openApi('Cats') };
    const gone = only(
      await judge({
        live: other,
        revision: { 'apis/pets.yaml': '# gone\n', 'apis/pets.openapi.yaml': '# gone\n' },
        usage: called([{}]),
      }),
      'gateway-api-removed',
    );
    expect(gone).toMatchObject({ severity: 'error', where: { object: 'Api/pets' } });
    const renamed = {
      'apis/pets.yaml': api('animals', '  visibility: public\n', '/pets').replace('./animals', './pets'),
    };
    expect(await judge({ revision: renamed, usage: called([{}]) })).toEqual([]);
    const less = only(await judge({ revision: { ...renamed, ...listOnly }, usage: called([{}]) }), removal);
    expect(less).toMatchObject({ severity: 'error', where: { object: 'Api/animals' } });
  });
});
