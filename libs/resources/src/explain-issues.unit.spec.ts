import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkValue } from './explain-issues.ts';

const channel = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('slack'), urlFrom: z.string().describe('Name of a secret.') }),
  z.strictObject({
    type: z.literal('mail'),
    to: z.array(z.string()),
    quiet: z.strictObject({ from: z.string() }).optional(),
  }),
]);
const limit = z.strictObject({ requests: z.int(), per: z.enum(['second', 'minute']) });
const schema = z.strictObject({
  mode: z.enum(['heal', 'alert']).optional(),
  channels: z.array(channel).optional(),
  limit: z
    .union([limit, z.array(limit)])
    .nullable()
    .optional(),
  cache: z
    .union([z.literal('off'), z.enum(['short', 'long']), z.int(), z.strictObject({ seconds: z.int() })])
    .optional(),
  when: z.union([z.literal(true), z.record(z.string(), limit)]).optional(),
  both: z
    .intersection(z.object({ a: z.int().optional() }), z.object({ b: z.enum(['x', 'why']).optional() }))
    .optional(),
  deep: z
    .lazy(() => z.strictObject({ window: z.strictObject({ minutes: z.int() }).default({ minutes: 1 }) }))
    .optional(),
});
const said = (value: unknown) =>
  checkValue(schema, value, 'Thing').map(({ rule, path, message, hint }) => [rule, path.join('.'), message, hint]);

describe('what is wrong with a value', () => {
  it.each([
    [
      'a word',
      { mode: 'hael' },
      ['invalid-value', 'mode', '`Thing.mode` must be one of `heal`, `alert`, not "hael".', 'Did you mean `heal`?'],
    ],
    [
      'a field deep down',
      { deep: { window: { minuts: 1, minutes: 2 } } },
      [
        'unknown-field',
        'deep.window.minuts',
        '`minuts` is not a field of Thing.deep.window.',
        'Did you mean `minutes`?',
      ],
    ],
    [
      'the type of a variant',
      { channels: [{ type: 'slak' }] },
      [
        'invalid-value',
        'channels.0.type',
        '`Thing.channels.0.type` must be one of `slack`, `mail`, not "slak".',
        'Did you mean `slack`?',
      ],
    ],
    [
      'a variant without its type',
      { channels: [{ to: [] }] },
      ['missing-field', 'channels.0.type', '`Thing.channels.0.type` is required.', undefined],
    ],
    [
      'a field of a variant',
      { channels: [{ type: 'slack', urlForm: 'x', urlFrom: 'x' }] },
      [
        'unknown-field',
        'channels.0.urlForm',
        '`urlForm` is not a field of Thing.channels.0.',
        'Did you mean `urlFrom`?',
      ],
    ],
    [
      'a field within a variant',
      { channels: [{ type: 'mail', to: [], quiet: { form: 'x', from: 'x' } }] },
      [
        'unknown-field',
        'channels.0.quiet.form',
        '`form` is not a field of Thing.channels.0.quiet.',
        'Did you mean `from`?',
      ],
    ],
    [
      'a field that a variant needs',
      { channels: [{ type: 'slack' }] },
      [
        'missing-field',
        'channels.0.urlFrom',
        '`Thing.channels.0.urlFrom` is required.',
        'Add `urlFrom`: Name of a secret.',
      ],
    ],
    [
      'a value in the single form of a union',
      { limit: { requests: 1, per: 'minut' } },
      [
        'invalid-value',
        'limit.per',
        '`Thing.limit.per` must be one of `second`, `minute`, not "minut".',
        'Did you mean `minute`?',
      ],
    ],
    [
      'a value in the list form of a union',
      {
        limit: [
          { requests: 1, per: 'minute' },
          { requests: 'x', per: 'minute' },
        ],
      },
      ['invalid-value', 'limit.1.requests', '`Thing.limit.1.requests` must be a number, not "x".', undefined],
    ],
    [
      'a field in the list form of a union',
      { limit: [{ request: 1, requests: 1, per: 'minute' }] },
      ['unknown-field', 'limit.0.request', '`request` is not a field of Thing.limit.0.', 'Did you mean `requests`?'],
    ],
    [
      'a type that no form has',
      { limit: 5 },
      ['invalid-value', 'limit', '`Thing.limit` must be a mapping of fields or a list, not 5.', undefined],
    ],
    [
      'a word of several enums',
      { cache: 'lnog' },
      [
        'invalid-value',
        'cache',
        '`Thing.cache` must be one of `off`, `short`, `long`, not "lnog".',
        'Did you mean `long`?',
      ],
    ],
    [
      'a list where words, numbers and mappings may stand',
      { cache: [] },
      [
        'invalid-value',
        'cache',
        '`Thing.cache` must be one of `off`, `short`, `long` or a number or a mapping of fields, not a list.',
        undefined,
      ],
    ],
    [
      'a field of the only form that fits',
      { cache: { second: 1, seconds: 1 } },
      ['unknown-field', 'cache.second', '`second` is not a field of Thing.cache.', 'Did you mean `seconds`?'],
    ],
    [
      'a field under a free key in a union',
      { when: { any: { requests: 1, per: 'second', by: 'x' } } },
      ['unknown-field', 'when.any.by', '`by` is not a field of Thing.when.any.', 'Its fields are: `per`, `requests`.'],
    ],
    [
      'a word in an intersection',
      { both: { b: 'wy' } },
      ['invalid-value', 'both.b', '`Thing.both.b` must be one of `x`, `why`, not "wy".', 'Did you mean `why`?'],
    ],
  ])('%s: one finding, at its place, with what was meant', (_, value, expected) => {
    expect(said(value)).toEqual([expected]);
  });

  it('tells each cause once, and never more than a hundred', () => {
    expect(said({ mode: 1, channels: [{ type: 'x' }, { type: 'y' }], limit: null })).toHaveLength(3);
    expect(said({ channels: Array.from({ length: 500 }, () => ({ type: 'x' })) })).toHaveLength(100);
  });
});
