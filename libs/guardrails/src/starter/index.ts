import { corsAnyOrigin } from './cors-any-origin.ts';
import { jwtAudience } from './jwt-audience.ts';
import { jwtSharedSecret } from './jwt-shared-secret.ts';
import { upstreamCertificateVerified } from './upstream-certificate-verified.ts';
import { publicApiAuthentication } from './public-api-authentication.ts';
import { partnerApiAuthentication } from './partner-api-authentication.ts';
import { internalApiAuthentication } from './internal-api-authentication.ts';
import { openWrites } from './open-writes.ts';
import { apiKeyInQuery } from './api-key-in-query.ts';
import { publicApiRateLimit } from './public-api-rate-limit.ts';
import { partnerApiRateLimit } from './partner-api-rate-limit.ts';
import { rateLimitPerCaller } from './rate-limit-per-caller.ts';
import { rateLimitMeaningful } from './rate-limit-meaningful.ts';
import { partnerApiPlans } from './partner-api-plans.ts';
import { requestTimeoutUpper } from './request-timeout-upper.ts';
import { requestTimeoutLower } from './request-timeout-lower.ts';
import { connectTimeoutUpper } from './connect-timeout-upper.ts';
import { connectTimeoutWithinRequest } from './connect-timeout-within-request.ts';
import { poolHealthCheck } from './pool-health-check.ts';
import { healthCheckInterval } from './health-check-interval.ts';
import { healthCheckPath } from './health-check-path.ts';
import { canaryHealthCheck } from './canary-health-check.ts';
import { upstreamRedundancy } from './upstream-redundancy.ts';
import { duplicateTarget } from './duplicate-target.ts';
import { upstreamTls } from './upstream-tls.ts';
import { upstreamTlsOutside } from './upstream-tls-outside.ts';
import { upstreamLoopback } from './upstream-loopback.ts';
import { upstreamLinkLocal } from './upstream-link-local.ts';
import { upstreamName } from './upstream-name.ts';
import { upstreamPort } from './upstream-port.ts';
import { apiOwner } from './api-owner.ts';
import { apiOwnerReachable } from './api-owner-reachable.ts';
import { experimentalNotPublic } from './experimental-not-public.ts';
import { retiredApi } from './retired-api.ts';
import { deprecatedApiSunset } from './deprecated-api-sunset.ts';
import { sunsetInFuture } from './sunset-in-future.ts';
import { releaseVersion } from './release-version.ts';
import { publicApiHosts } from './public-api-hosts.ts';
import { hostQualified } from './host-qualified.ts';
import { rootPathHost } from './root-path-host.ts';
import { basePathLowerCase } from './base-path-lower-case.ts';
import { publicApiVersion } from './public-api-version.ts';
import { operationsDeclared } from './operations-declared.ts';
import { operationIds } from './operation-ids.ts';
import { traceMethod } from './trace-method.ts';
import { debugOperations } from './debug-operations.ts';
import { adminOperationsPublic } from './admin-operations-public.ts';
import { secretInPath } from './secret-in-path.ts';
import { openObjectAccess } from './open-object-access.ts';
import { openSensitiveFlow } from './open-sensitive-flow.ts';
import { planRateLimit } from './plan-rate-limit.ts';
import { planRateLimitByConsumer } from './plan-rate-limit-by-consumer.ts';
import { planOpensApis } from './plan-opens-apis.ts';
import { planHasConsumers } from './plan-has-consumers.ts';
import { consumerOwner } from './consumer-owner.ts';
import { consumerSuspendedKeys } from './consumer-suspended-keys.ts';
import { consumerKeysFew } from './consumer-keys-few.ts';
import { consumerCredentials } from './consumer-credentials.ts';
import { consumerPlans } from './consumer-plans.ts';
import { consumerPlanOpens } from './consumer-plan-opens.ts';
import { environmentDriftHeals } from './environment-drift-heals.ts';
import { environmentDriftInterval } from './environment-drift-interval.ts';
import { promotionSoak } from './promotion-soak.ts';
import { promotionApproval } from './promotion-approval.ts';
import { productionPromotes } from './production-promotes.ts';
import { analysisWindow } from './analysis-window.ts';
import { analysisRequests } from './analysis-requests.ts';
import { environmentRedundancy } from './environment-redundancy.ts';
import { gatewayPort } from './gateway-port.ts';
import type { StarterRule } from './starter-rule.ts';

export type { StarterRule } from './starter-rule.ts';

/** In the order of the reference. */
export const starterRules: readonly StarterRule[] = [
  publicApiAuthentication,
  partnerApiAuthentication,
  internalApiAuthentication,
  openWrites,
  apiKeyInQuery,
  publicApiRateLimit,
  partnerApiRateLimit,
  rateLimitPerCaller,
  rateLimitMeaningful,
  partnerApiPlans,
  requestTimeoutUpper,
  requestTimeoutLower,
  connectTimeoutUpper,
  connectTimeoutWithinRequest,
  poolHealthCheck,
  healthCheckInterval,
  healthCheckPath,
  canaryHealthCheck,
  upstreamRedundancy,
  duplicateTarget,
  upstreamTls,
  upstreamTlsOutside,
  upstreamLoopback,
  upstreamLinkLocal,
  upstreamName,
  upstreamPort,
  apiOwner,
  apiOwnerReachable,
  experimentalNotPublic,
  retiredApi,
  deprecatedApiSunset,
  sunsetInFuture,
  releaseVersion,
  publicApiHosts,
  hostQualified,
  rootPathHost,
  basePathLowerCase,
  publicApiVersion,
  operationsDeclared,
  operationIds,
  traceMethod,
  debugOperations,
  adminOperationsPublic,
  secretInPath,
  openObjectAccess,
  openSensitiveFlow,
  planRateLimit,
  planRateLimitByConsumer,
  planOpensApis,
  planHasConsumers,
  consumerOwner,
  consumerSuspendedKeys,
  consumerKeysFew,
  consumerCredentials,
  consumerPlans,
  consumerPlanOpens,
  environmentDriftHeals,
  environmentDriftInterval,
  promotionSoak,
  promotionApproval,
  productionPromotes,
  analysisWindow,
  analysisRequests,
  environmentRedundancy,
  gatewayPort,
  corsAnyOrigin,
  jwtAudience,
  jwtSharedSecret,
  upstreamCertificateVerified,
];

const byId = new Map(starterRules.map((rule) => [rule.id, rule]));

export const starterRuleOf = (id: string): StarterRule | undefined => byId.get(id);
