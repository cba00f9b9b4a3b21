import type { DocumentCheck, OperationCheck } from '../../compare/operation-check.ts';
import { stability, sunset } from './lifecycle.ts';
import { parameterDefaults } from './parameter-defaults.ts';
import { parameterSunset } from './parameter-sunset.ts';
import { parameters } from './parameters.ts';
import { removedOperations } from './removed.ts';
import { requestBody } from './request-body.ts';
import { responses } from './responses.ts';
import { security } from './security.ts';
import { securitySchemes } from './security-schemes.ts';
import { webhooks } from './webhooks.ts';

export const documentChecks: readonly DocumentCheck[] = [removedOperations, securitySchemes, webhooks];
export const operationChecks: readonly OperationCheck[] = [
  stability,
  sunset,
  security,
  parameters,
  parameterDefaults,
  parameterSunset,
  requestBody,
  responses,
];
