import { describe, expect, it } from '@jest/globals';
import { SseParser } from './sse.ts';

describe('server-sent events', () => {
  it('are read however the text is cut', () => {
    const text = 'retry: 1000\n: hello\n\nid: 7\ndata: {"a":\ndata: 1}\n\nevent: gap\ndata: {}\n\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const parser = new SseParser();
      expect([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]).toEqual([
        { id: '7', event: 'message', data: '{"a":\n1}' },
        { id: '7', event: 'gap', data: '{}' },
      ]);
    }
  });
});
