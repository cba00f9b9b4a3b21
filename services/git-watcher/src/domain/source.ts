import { nameSchema } from '@gitway/contracts';
import { GitwayError, InvalidInputError } from '@gitway/errors';
import { z } from 'zod';
import { branchRef } from './ref-name.ts';
import { parseRemoteUrl, type RemoteUrl } from './remote-url.ts';

const durationMs = z.number().int().min(200).max(86_400_000);

/** One entry of `GITWAY_SOURCES`, as people write it. */
export const sourceSettingsSchema = z.strictObject({
  name: nameSchema,
  url: z.string(),
  branches: z.array(z.string()).min(1).max(100).default(['main']),
  /** Signs webhooks; a source without one is polled only. */
  webhookSecret: z.string().min(16).optional(),
  /** Milliseconds, or a duration as in `30s`. */
  pollInterval: z
    .union([durationMs, z.string().regex(/^\d{1,9}(ms|s|m|h)$/, 'must be a duration as in 5s')])
    .default('1m'),
  username: z.string().max(200).optional(),
  token: z.string().max(4000).optional(),
  /** A file that holds the token; read anew for every use, so a token can be replaced at run time. */
  tokenFile: z.string().optional(),
  allowPrivate: z.boolean().default(false),
  allowLocal: z.boolean().default(false),
});
export type SourceSettings = z.input<typeof sourceSettingsSchema>;

/** A repository that is followed, checked: nothing in it can be taken for an option or leads where it may not. */
export interface Source {
  readonly name: string;
  readonly remote: RemoteUrl;
  /** Full refs, `refs/heads/main`. */
  readonly refs: readonly string[];
  readonly webhookSecret: string | null;
  readonly pollIntervalMs: number;
  readonly credentials: { readonly username: string; readonly token: string | null; readonly tokenFile: string | null };
  readonly allowPrivate: boolean;
}

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** @throws InvalidInputError that names the source and what is wrong with it. */
export function sourceFrom(settings: z.output<typeof sourceSettingsSchema>): Source {
  const label = `Source "${settings.name}"`;
  try {
    const remote = parseRemoteUrl(settings.url, settings);
    if (remote.transport === 'ssh') {
      throw new InvalidInputError('ssh-source', 'SSH is not read by this version; use the https:// URL and a token.');
    }
    const hasToken = settings.token !== undefined || settings.tokenFile !== undefined;
    if (hasToken && remote.transport === 'http' && !settings.allowPrivate) {
      throw new InvalidInputError('token-in-clear', 'A token would travel unencrypted; use https://.');
    }
    return {
      name: settings.name,
      remote,
      refs: [...new Set(settings.branches.map(branchRef))],
      webhookSecret: settings.webhookSecret ?? null,
      pollIntervalMs: intervalMs(settings.pollInterval),
      credentials: {
        username: settings.username ?? 'git',
        token: settings.token ?? null,
        tokenFile: settings.tokenFile ?? null,
      },
      allowPrivate: settings.allowPrivate,
    };
  } catch (error) {
    if (error instanceof GitwayError) throw new InvalidInputError(error.slug, `${label}: ${error.message}`);
    throw error;
  }
}

/** @throws InvalidInputError as `sourceFrom`, or for two sources of one name. */
export function sourcesFrom(settings: readonly z.output<typeof sourceSettingsSchema>[]): Source[] {
  const names = new Set<string>();
  return settings.map((each) => {
    if (names.has(each.name)) throw new InvalidInputError('source-twice', `Two sources are named "${each.name}".`);
    names.add(each.name);
    return sourceFrom(each);
  });
}

function intervalMs(text: string | number): number {
  if (typeof text === 'number') return text;
  const match = /^(\d+)(ms|s|m|h)$/.exec(text)!;
  return Math.min(Math.max(Number(match[1]) * unitMs[match[2]!]!, 200), 86_400_000);
}
