import { z } from 'zod';
import { unique } from './common.ts';

/** The section `openapi` of a RuleSet. */
export const openApiRulesSchema = z
  .strictObject({
    rulesets: unique(z.string().min(1).max(500), 20)
      .min(1)
      .describe('Spectral ruleset files of this repository, relative to this file.'),
  })
  .describe("How OpenAPI documents are linted besides Gitway's own rules.");
