export { type Logger, logger, NestLogger, redactUrls, setLogLevel } from './logger.ts';
export { type Counter, counter, gauge, type Histogram, histogram, metricsText } from './metrics.ts';
export { type SpanOptions, currentTraceId, currentTraceparent, withSpan } from './tracing.ts';
export { type Story, currentStory, runInStory } from './story.ts';
export { stopTelemetry } from './stop.ts';
