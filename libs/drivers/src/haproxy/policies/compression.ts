import { native, no } from '../capability.ts';
import type { Policy } from '../policy.ts';

const form = /^[a-z0-9!#$&^_.+-]+\/(?:[a-z0-9!#$&^_.+-]+|\*)$/i;

/** Answers are compressed with gzip for callers that can read it. */
export const compression: Policy = {
  capabilities: [
    native('api policy.compression.types', '`filter compression`, gzip; a type counts as the beginning of a type'),
    no('api policy.compression.minSizeBytes', 'answers of every size are compressed: say `minSize: 0B`'),
  ],
  check(api, on) {
    (api.policy.compression?.types ?? []).forEach((type, index) =>
      on.require(form.test(type), `policy.compression.types[${index}]`, 'must be a media type, as in application/json'),
    );
  },
  contribute({ api }) {
    const types = api.policy.compression?.types ?? [];
    if (types.length === 0) return {};
    return {
      backend: [
        'filter compression',
        'compression algo gzip',
        ...types.map((type) => `compression type ${type.toLowerCase().replace(/\*$/, '')}`),
      ],
    };
  },
};
