import type { DocumentCheck, OperationCheck } from '../../compare/operation-check.ts';
import { stability, sunset } from './lifecycle.ts';
import { formEncoding } from './form-encoding.ts';
import { callbacks } from './callbacks.ts';
import { parameterDefaults } from './parameter-defaults.ts';
import { parameterStyle } from './parameter-style.ts';
import { parameterSunset } from './parameter-sunset.ts';
import { parameters } from './parameters.ts';
import { removedOperations } from './removed.ts';
import { requestBody } from './request-body.ts';
import { responses } from './responses.ts';
import { security } from './security.ts';
import { securitySchemes } from './security-schemes.ts';
import { operationServers, servers } from './servers.ts';
import { webhooks } from './webhooks.ts';

export const documentChecks: readonly DocumentCheck[] = [removedOperations, securitySchemes, servers, webhooks];
export const operationChecks: readonly OperationCheck[] = [
  stability,
  sunset,
  security,
  parameters,
  parameterDefaults,
  parameterSunset,
  parameterStyle,
  requestBody,
  formEncoding,
  responses,
  callbacks,
  operationServers,
];
