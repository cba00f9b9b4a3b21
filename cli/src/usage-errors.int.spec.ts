import { describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { runCli } from './testing/run-cli.ts';

const temp = tempDir();
/** Nobody listens there: what asks the console before it looks at its arguments ends with 4. */
const env = { GITWAY_URL: 'http://127.0.0.1:1', GITWAY_TOKEN: 't' };

const wrong = `
nonsense
status extra
status --nonsense
status --request-timeout soon
status --url notaurl
history
history staging extra
history staging -n 0
incidents -n x
traffic
traffic staging -m 0
commits -n -1
report
report HEAD --source
apis --lifecycle nope
apis --visibility nope
apis --state nope
apis -n 0
apis --offset -1
api
events --since nope
events -n x
events --fact
check nowhere
check . extra
check . -f nope
check . -o
check . --severity nope
check . --max-warnings x
check . --rule-url nope
check . --base main --against live
check . --against nope
check . --allow-remote-ref a/b
check . -e nope
plan a b
plan --dir nowhere
plan --dir . --base nope
plan HEAD --dir .
plan --source x --dir .
explain a b
explain nope
explain unknown-field --dir nowhere
diff a
diff a b --dir nowhere
diff a b
diff a@nope b
rules nonsense
rules impact nowhere
rules impact .
rules impact . --against nope
rules list --kind nope
rules explain nope
rules test nowhere
schema nope
deploy staging
deploy staging abc --timeout soon
rollback
rollback staging --timeout x
approve
dead-letters nonsense
dead-letters list -n x
dead-letters replay x
completion nope
completion bash extra
`;

describe('what is wrong with the arguments ends with 2, says why, and answers nothing', () => {
  it.each(wrong.trim().split('\n'))('gitway %s', async (line) => {
    const { exitCode, out, err } = await runCli(line.split(' '), { cwd: temp.path(), env });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).not.toBe('');
  });
});
