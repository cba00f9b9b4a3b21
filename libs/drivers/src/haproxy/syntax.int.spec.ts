import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { freePort, httpCall, tempDir, useHaproxy, waitFor } from '@gitway/testing';
import { formatted, quoted } from './syntax.ts';

const haproxy = useHaproxy();
const folder = tempDir();

/** Everything that means something to HAProxy's parser somewhere, and a text that would be a directive of its own. */
const texts = [
  "it's",
  `a "b" 'c'`,
  '50% off %[src] %ci %%',
  'a#b # c',
  'a\\b \\n \\\\',
  '$HOME ${HOME}',
  'a b\u00a0c',
  "' deny if TRUE #",
  '{a} (b) [c], d; e | f',
  'ünïcödé ☃',
  '-- -m str',
];

describe('texts of users in the configuration', () => {
  it('stand for themselves, as a word and as a format', async () => {
    const port = await freePort();
    const rules = texts.flatMap((text, index) => [
      `    http-request return status 200 content-type text/plain lf-string ${formatted(text)} if { path /f${index} }`,
      `    http-request return status 200 content-type text/plain string ${quoted(text)} if { path /w${index} }`,
    ]);
    const config = [
      'defaults',
      '    mode http',
      '    timeout client 5s',
      'frontend f',
      `    bind 127.0.0.1:${port}`,
      ...rules,
      '',
    ];
    const file = join(folder.path(), 'haproxy.cfg');
    writeFileSync(file, config.join('\n'));
    const { binary, env } = haproxy.installation();
    execFileSync(binary, ['-c', '-f', file], { env: { ...env }, stdio: 'pipe' });
    await haproxy.start(folder.path());
    await waitFor(async () => (await httpCall(port, '/f0')).status === 200);
    for (const [index, text] of texts.entries()) {
      expect((await httpCall(port, `/f${index}`)).body).toBe(text);
      expect((await httpCall(port, `/w${index}`)).body).toBe(text);
    }
  });

  it('never hold a line end', () => {
    expect(() => quoted('a\nb')).toThrow('control characters');
  });
});
