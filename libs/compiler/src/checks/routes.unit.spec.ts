import { describe, expect, it } from '@jest/globals';
import { foundBy, messagesOf } from '../testing/compile.ts';
import { api, openApi } from '../testing/workspace.ts';
import { basePathsAbove, broaderThan } from './hosts.ts';

const operation = (path: string) => `  ${path}:\n    get:\n      responses: { '200': { description: ok } }\n`;
const apis = (
  ...list: { name: string; basePath: string; hosts?: string; paths?: string[]; match?: string | undefined }[]
) =>
  Object.fromEntries(
    list.flatMap(({ name, basePath, hosts = 'api.example.com', paths = ['/x'], match }) => [
      [
        `apis/${name}.yaml`,
        api(name, '', basePath).replace(
          'hosts: [api.example.com], ',
          hosts === ''
            ? ''
            : `hosts: [${hosts
                .split(' ')
                .map((host) => `"${host}"`)
                .join(', ')}], ${match === undefined ? '' : `match: [${match}], `}`,
        ),
      ],
      [`apis/${name}.openapi.yaml`, openApi(name, paths.map(operation).join(''))],
    ]),
  );

describe('routes of an environment', () => {
  it('finds two claims of one host and base path, at both places', async () => {
    const [found] = await foundBy('route-conflict', apis({ name: 'a', basePath: '/pets/' }));
    expect(found).toMatchObject({
      severity: 'error',
      message: 'APIs `a` and `pets` both claim `api.example.com/pets`.',
      where: { file: 'apis/pets.yaml', object: 'Api/pets', range: { line: 8 } },
      related: [{ where: { file: 'apis/a.yaml' } }],
    });
  });

  it('lets APIs share a host and base path where their conditions differ, and only then', async () => {
    const header = (value: string) => `{ in: header, name: x-v, value: "${value}" }`;
    const query = '{ in: query, name: q }';
    const of = async (...matches: (string | undefined)[]) =>
      (
        await foundBy(
          'route-conflict',
          apis(...matches.map((match, index) => ({ name: `m${index}`, basePath: '/m', match }))),
        )
      ).length;
    expect(await of(undefined, header('1'), header('2'))).toBe(0);
    expect(await of(header('1'), header('1'))).toBe(1);
    expect(await of(`${header('1')}, ${query}`, `${query}, ${header('1')}`)).toBe(1);
    expect(await of(`${header('1')}, ${query}`, header('1'))).toBe(0);
  });

  it('tells what the inner API hides of the outer one, on which hosts', async () => {
    const found = await foundBy('unreachable-operation', {
      ...apis(
        {
          name: 'outer',
          basePath: '/',
          hosts: 'one.example.com two.example.com',
          paths: ['/shop/carts/{id}', '/{any}', '/other'],
        },
        { name: 'inner', basePath: '/shop', hosts: 'one.example.com' },
      ),
    });
    expect(found).toMatchObject([
      {
        severity: 'warning',
        message:
          '`GET /shop/carts/{id}` cannot be reached on `one.example.com`: calls below `/shop` go to API `inner`.',
        where: { object: 'Api/outer', field: 'spec.route.basePath' },
        related: [{ where: { object: 'Api/inner' } }],
      },
    ]);
  });

  it('goes by whole segments, and by hosts that are the same', async () => {
    expect(
      await foundBy('unreachable-operation', {
        ...apis(
          { name: 'outer', basePath: '/a', paths: ['/shop-window', '/shop'] },
          { name: 'inner', basePath: '/a/shop-w' },
          { name: 'elsewhere', basePath: '/a/shop', hosts: 'other.example.com' },
        ),
      }),
    ).toEqual([]);
  });

  it('tells that an exact host hides any host', async () => {
    const found = await foundBy('route-shadowed', apis({ name: 'all', basePath: '/pets', hosts: '' }));
    expect(found).toMatchObject([{ severity: 'warning', where: { object: 'Api/pets' } }]);
    expect(messagesOf(found)).toEqual(['On `api.example.com` this API hides `all`, which claims `/pets` on any host.']);
  });

  it.each([
    ['api.example.com', ['*.example.com', '*.com', '*']],
    ['*.example.com', ['*.com', '*']],
    ['*', []],
    ['localhost', ['*']],
  ])('looks after %s at %j', (host, broader) => {
    expect(broaderThan(host)).toEqual(broader);
  });

  it.each([
    ['/', []],
    ['/a', ['/']],
    ['/a/b/c', ['/a/b', '/a', '/']],
  ])('knows that %s lies below %j', (basePath, above) => {
    expect(basePathsAbove(basePath)).toEqual(above);
  });
});
