import { allEvents, nameSchema } from '@gitway/contracts';
import { z } from 'zod';

/** Facts that a channel hears when it does not say. */
export const DEFAULT_FACTS = ['incident-opened', 'incident-updated', 'incident-resolved', 'rolled-back'];

const factPatternSchema = z
  .string()
  .regex(/^[a-z*-]{1,60}$/, 'must be the name of a fact, in which * stands for anything, as in incident-*')
  .refine((pattern) => allEvents.some(({ fact }) => matchesFact(pattern, fact)), {
    message: 'is the name of no fact; docs/events.md lists them all',
  });

const webhookSchema = z.strictObject({
  name: nameSchema,
  type: z.literal('webhook'),
  url: z.string().refine(isWebUrl, { message: 'must be an http:// or https:// URL without credentials' }),
  /** Signs what is sent: text, or `whsec_` followed by base64. */
  secret: z.string().min(16, 'must have at least 16 characters'),
  facts: z.array(factPatternSchema).min(1).max(50).default(DEFAULT_FACTS),
  /** Only facts of these environments; left out: all, also those that concern none. */
  environments: z.array(nameSchema).min(1).max(200).optional(),
});

export const channelSettingsSchema = z.discriminatedUnion('type', [webhookSchema]);

export const channelsSchema = z
  .array(channelSettingsSchema)
  .max(50)
  .superRefine((channels, context) => {
    const names = channels.map(({ name }) => name);
    if (new Set(names).size < names.length) context.addIssue({ code: 'custom', message: 'two channels have one name' });
  });

export type ChannelSettings = z.infer<typeof channelSettingsSchema>;

/** `*` stands for any run of characters. No regular expression is made from what a person wrote. */
export function matchesFact(pattern: string, fact: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === fact;
  const first = parts[0] as string;
  const last = parts.at(-1) as string;
  if (!fact.startsWith(first) || !fact.endsWith(last) || fact.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = fact.indexOf(part, at);
    if (found < 0 || found + part.length > fact.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

function isWebUrl(text: string): boolean {
  try {
    const url = new URL(text);
    return ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
  } catch {
    return false;
  }
}
