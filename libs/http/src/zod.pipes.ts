import type { PipeTransform } from '@nestjs/common';
import { InvalidInputError } from '@gitway/errors';
import type { z } from 'zod';

class ZodPipe<T extends z.ZodType> implements PipeTransform<unknown, z.infer<T>> {
  private readonly schema: T;
  private readonly slug: string;
  private readonly what: string;

  constructor(schema: T, slug: string, what: string) {
    this.schema = schema;
    this.slug = slug;
    this.what = what;
  }

  transform(value: unknown): z.infer<T> {
    const result = this.schema.safeParse(value);
    if (result.success) return result.data;
    const fields = result.error.issues.slice(0, 20).map((issue) => ({
      field: issue.path.map(String).join('.'),
      message: issue.message,
    }));
    const first = fields[0]!;
    const where = first.field === '' ? '' : `${first.field}: `;
    throw new InvalidInputError(this.slug, `${this.what} is not usable: ${where}${first.message}`, { fields });
  }
}

/** `@Body(zodBody(schema))`: the parsed body, or a 400 that names each bad field. */
export const zodBody = <T extends z.ZodType>(schema: T) => new ZodPipe(schema, 'invalid-body', 'The request body');

/** `@Query(zodQuery(schema))`: values arrive as strings, so numbers are `z.coerce.number()`. */
export const zodQuery = <T extends z.ZodType>(schema: T) => new ZodPipe(schema, 'invalid-query', 'The query');

/** `@Param('name', zodParam(schema))`. */
export const zodParam = <T extends z.ZodType>(schema: T) => new ZodPipe(schema, 'invalid-path', 'The address');
