import { describe, expect, it } from '@jest/globals';
import { searchProgress } from './search-progress.ts';

function told(...steps: [step: string, message: string][]): string[] {
  const lines: string[] = [];
  const progress = searchProgress({ step: (text) => lines.push(text) });
  for (const [step, message] of steps) progress({ server: 'nats', step, message });
  return lines;
}

describe('the search for servers', () => {
  it('says nothing of where a server was not when it is found elsewhere', () => {
    const steps: [string, string][] = [
      ['search', 'PATH'],
      ['skip', 'PATH: not there'],
      ['found', 'nats-server 2.9.10: /cache/nats-server'],
    ];
    expect(told(...steps)).toEqual(['nats-server 2.9.10: /cache/nats-server']);
  });

  it('says why something is fetched, before it is', () => {
    const lines = told(
      ['skip', 'PATH: not there'],
      ['download', 'downloading nats-server'],
      ['found', 'nats-server 2.9.10: /cache/nats-server'],
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/is not here: PATH: not there$/);
    expect(lines[1]).toBe('downloading nats-server');
  });
});
