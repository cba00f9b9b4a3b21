import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { catalogue } from '@gitway/contracts';
import { type CloudEvent, HTTP } from 'cloudevents';

const folder = new URL('../../libs/contracts/conformance/', import.meta.url);
const golden = (await readdir(folder)).filter((name) => name.endsWith('.golden.json'));

describe('the CloudEvents SDK', () => {
  it('is shown every event', () => {
    expect(golden).toHaveLength(catalogue.length);
  });

  // The NATS binding has the same headers as HTTP's binary mode, for which the SDK has a reader.
  it.each(golden)('reads %s', async (name) => {
    const { headers, data } = JSON.parse(await readFile(new URL(name, folder), 'utf8')) as {
      headers: Record<string, string>;
      data: unknown;
    };
    const event = HTTP.toEvent({ headers, body: JSON.stringify(data) }) as CloudEvent;
    expect(event.validate()).toBe(true);
    expect(event).toMatchObject({
      id: headers['ce-id'],
      type: headers['ce-type'],
      source: headers['ce-source'],
      correlationid: headers['ce-correlationid'],
      data,
    });
  });
});
