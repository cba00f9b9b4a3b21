export interface ServerSentEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events from text as it arrives, cut anywhere
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html, without `retry`).
 */
export class SseParser {
  private rest = '';
  private id: string | null = null;
  private event = '';
  private data: string[] = [];

  push(chunk: string): ServerSentEvent[] {
    const lines = (this.rest + chunk).split(/\r\n|\n|\r/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): ServerSentEvent[] {
    if (line === '') {
      const found =
        this.data.length === 0 ? [] : [{ id: this.id, event: this.event || 'message', data: this.data.join('\n') }];
      this.event = '';
      this.data = [];
      return found;
    }
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'id') this.id = value;
    else if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    return [];
  }
}
