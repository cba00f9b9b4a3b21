import { describe, expect, it } from '@jest/globals';
import { commitRejected } from '@gitway/contracts';
import { call } from '@gitway/tools';
import { usePlatform } from './testing/use-platform.ts';

const e2e = usePlatform();
const API = 'apis/comics/api.yaml';

interface BadInput {
  title: string;
  file: string;
  change: (text: string) => string;
  /** Text in the line that the finding has to point at; null where the document could not be read that far. */
  line: RegExp;
  message: RegExp;
}

const twin = (text: string) =>
  `${text.trimEnd()}\n---\n${text
    .trimEnd()
    .replace('name: comics', 'name: twin')
    .replace(/^#.*\n/, '')}\n`;

const inputs: BadInput[] = [
  {
    title: 'not YAML',
    file: API,
    change: (text) => text.replace('metadata:', 'metadata: ]['),
    line: /metadata/,
    message: /./,
  },
  {
    title: 'an unknown field',
    file: API,
    change: (text) => text.replace('lifecycle:', 'livecycle:'),
    line: /livecycle/,
    message: /livecycle.*not a field/,
  },
  {
    title: 'a missing file',
    file: API,
    change: (text) => text.replace('./openapi.json', './nowhere.json'),
    line: /nowhere\.json/,
    message: /nowhere\.json/,
  },
  {
    title: 'an OpenAPI document that does not parse',
    file: 'apis/comics/openapi.json',
    change: (text) => `${text.trimEnd().slice(0, -1)},,`,
    line: /,,/,
    message: /./,
  },
  {
    title: 'two APIs on one route',
    file: API,
    change: twin,
    line: /basePath|name: twin|hosts/,
    message: /twin|comics/,
  },
  {
    title: 'an upstream URL that is none',
    file: API,
    change: (text) => text.replace("'${contentUpstream}'", "'not a url'"),
    line: /not a url/,
    message: /url/i,
  },
];

describe('bad input is refused with file, line, column and what to do; what served keeps serving', () => {
  it.each(inputs)('$title', async ({ file, change, line, message }) => {
    const copy = e2e.copy();
    const good = await copy.read(file);
    await copy.edit(file, change);
    const bad = (await copy.read(file)).split('\n');
    const { commit } = await copy.push('a mistake');
    try {
      const { data } = await e2e.feed().until(commitRejected, (rejected) => rejected.commit === commit, {
        timeoutMs: 30_000,
      });
      expect(data.environments.sort()).toEqual(['production', 'staging']);
      const found = data.findings.find(
        (finding) =>
          finding.where.file === file &&
          line.test(bad[(finding.where.range?.line ?? 0) - 1] ?? '') &&
          message.test(finding.message),
      );
      if (found === undefined) throw new Error(`no finding fits; there are: ${JSON.stringify(data.findings, null, 2)}`);
      expect(found.where.range?.column).toBeGreaterThan(0);
      expect(found.hint ?? '').not.toBe('');
      for (const url of Object.values(e2e.platform().urls.gateways)) {
        expect((await call({ url, path: '/comics/info.0.json' })).status).toBe(200);
      }
    } finally {
      await copy.write(file, good);
      await copy.push('mend it');
    }
  });
});
