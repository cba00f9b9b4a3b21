import type { SchemaCheck } from '../../compare/schema-check.ts';
import { boundsCheck } from './bounds.ts';
import { composition } from './composition.ts';
import { constValue } from './const-value.ts';
import { enumValues } from './enum-values.ts';
import { extensibleEnum } from './extensible-enum.ts';
import { headerProperties } from './header-properties.ts';
import { jsonSchemaKeywords } from './json-schema.ts';
import { listOfTypes } from './list-of-types.ts';
import { nullable } from './nullable.ts';
import { pattern } from './pattern.ts';
import { addedProperties, removedProperties, requiredProperties } from './properties.ts';
import { propertySunset } from './property-sunset.ts';
import { typeChanged } from './type-changed.ts';
import { writeOnly } from './write-only.ts';
import { discriminator } from './discriminator.ts';
import { furtherProperties } from './further-properties.ts';
import { multipleOf } from './multiple-of.ts';
import { not } from './not.ts';
import { uniqueItems } from './unique-items.ts';

export const schemaChecks: readonly SchemaCheck[] = [
  typeChanged,
  listOfTypes,
  enumValues,
  extensibleEnum,
  nullable,
  constValue,
  boundsCheck,
  pattern,
  removedProperties,
  addedProperties,
  requiredProperties,
  headerProperties,
  composition,
  writeOnly,
  propertySunset,
  jsonSchemaKeywords,
  discriminator,
  furtherProperties,
  multipleOf,
  not,
  uniqueItems,
];
