import { describe, expect, it } from '@jest/globals';
import { StateDirectory } from './state-directory.ts';

describe('state directory', () => {
  it('keeps everything below one folder', () => {
    const state = new StateDirectory('/srv/gitway/state');
    for (const path of [state.data, state.logs, state.run, state.lock, state.ports, state.secrets, state.platform]) {
      expect(path.startsWith('/srv/gitway/state/')).toBe(true);
    }
  });
});
