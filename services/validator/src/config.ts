import { databaseConfigShape, durationVariable, integerVariable, loadConfig, serviceConfigShape } from '@gitway/config';
import { parseRemoteRefs, type RemoteRefs } from '@gitway/compile-host';
import { z } from 'zod';

const remoteRefs = z.string().transform((text, context): RemoteRefs => {
  const refs = parseRemoteRefs(text);
  if (!('problem' in refs)) return refs;
  context.addIssue({ code: 'custom', message: refs.problem });
  return z.NEVER;
});

const schema = z.object({
  ...serviceConfigShape,
  ...databaseConfigShape,
  GITWAY_COMPILE_CACHE_ENTRIES: integerVariable({ min: 1_000, max: 10_000_000, default: 200_000 }).describe(
    'how many parsed files, documents and units are kept in memory',
  ),
  GITWAY_COMPILE_CACHE_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('folder in which what was compiled outlives a restart; none when not set'),
  GITWAY_COMPILE_CACHE_MB: integerVariable({ min: 10, max: 1_000_000, default: 512 }).describe(
    'megabytes that this folder may hold',
  ),
  GITWAY_COMPILE_WORKERS: integerVariable({ min: 0, max: 64, default: 0 }).describe(
    'threads that read documents; 0: as many as there are processors, at most eight',
  ),
  GITWAY_DOCUMENT_TIME_LIMIT: durationVariable('60s').describe('how long reading one document may take'),
  GITWAY_DOCUMENT_MEMORY_MB: integerVariable({ min: 64, max: 16_384, default: 1_024 }).describe(
    'megabytes of memory that reading one document may take',
  ),
  GITWAY_REMOTE_REFS: remoteRefs
    .optional()
    .describe(
      'hosts that documents and rulesets of a source may refer to, as in shop=schemas.example.com,specs.example.com:8443;*=rules.example.com',
    ),
  GITWAY_RULESET_FUNCTIONS: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be names of sources, with commas')))
    .default([])
    .describe('sources whose Spectral rulesets may bring JavaScript functions, with commas; run in a sandbox'),
  GITWAY_BLOB_CACHE_MB: integerVariable({ min: 1, max: 4_096, default: 64 }).describe(
    'megabytes of file contents that are kept in memory',
  ),
  GITWAY_KEPT_COMMITS: integerVariable({ min: 10, max: 1_000_000, default: 5_000 }).describe(
    'how many commits of a source can be asked for',
  ),
  GITWAY_KEPT_REVISIONS: integerVariable({ min: 1, max: 100_000, default: 200 }).describe(
    'how many revisions of an environment the catalogue remembers',
  ),
  GITWAY_USAGE_RETENTION: durationVariable('100d').describe('how long it is known who called what'),
});

export type ValidatorConfig = z.infer<typeof schema>;

export const loadValidatorConfig = (env?: NodeJS.ProcessEnv): ValidatorConfig =>
  env === undefined ? loadConfig(schema) : loadConfig(schema, env);
