import { factSchema, type Fact } from '@gitway/contracts';

export interface EventReader {
  readonly status: number;
  readonly facts: { id: string; fact: Fact }[];
  readonly text: () => string;
  readonly done: Promise<void>;
  close(): void;
}

/** Reads server-sent events in the background until it is closed. */
export async function readEvents(url: string, headers: Record<string, string>): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const facts: EventReader['facts'] = [];
  let text = '';
  let seen = 0;
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n', seen); end >= 0; end = text.indexOf('\n\n', seen)) {
        const frame = /^id: (\d+)\ndata: (.*)$/.exec(text.slice(seen, end));
        if (frame !== null) facts.push({ id: frame[1]!, fact: factSchema.parse(JSON.parse(frame[2]!)) });
        seen = end + 2;
      }
    }
  };
  const done = read().catch(() => undefined);
  return { status: response.status, facts, text: () => text, done, close: () => abort.abort() };
}
