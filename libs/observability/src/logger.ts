import type { LoggerService } from '@nestjs/common';
import { type Logger as PinoLogger, pino } from 'pino';
import { currentStory } from './story.ts';
import { currentTraceId } from './tracing.ts';

export type Logger = PinoLogger;

/** Member names whose values never reach a log, at the top or one or two levels down. */
const secretMembers = [
  'password',
  'token',
  'secret',
  'authorization',
  'apiKey',
  'webhookSecret',
  'cookie',
  'databaseUrl',
  'natsUrl',
];

/** Credentials inside a URL, wherever it stands in a text: `https://user:pass@host` → `https://***@host`. */
export function redactUrls(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@');
}

/** A test run sets this before anything is loaded, so that what is provoked on purpose does not fill the screen. */
const initialLevel = (globalThis as { [key: symbol]: unknown })[Symbol.for('gitway.log-level')];

const root = pino({
  level: typeof initialLevel === 'string' ? initialLevel : 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: { paths: secretMembers.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '***' },
  mixin: () => {
    const story = currentStory();
    const traceId = currentTraceId();
    return {
      ...(traceId ? { traceId } : {}),
      ...(story ? { correlationId: story.correlationId, causationId: story.causationId ?? undefined } : {}),
    };
  },
  hooks: {
    logMethod(args, method) {
      const redacted = args.map((arg: unknown) => (typeof arg === 'string' ? redactUrls(arg) : arg));
      method.apply(this, redacted as Parameters<typeof method>);
    },
  },
  serializers: {
    err: (error: unknown) => {
      const plain = pino.stdSerializers.err(error as Error) as { message?: string; stack?: string };
      return typeof plain?.message === 'string'
        ? { ...plain, message: redactUrls(plain.message), stack: redactUrls(plain.stack ?? '') }
        : plain;
    },
  },
});

const loggers = new Map<string, Logger>();

/** The logger of one part of a process; one JSON line per entry on standard output. */
export function logger(name: string): Logger {
  let found = loggers.get(name);
  if (found === undefined) loggers.set(name, (found = root.child({ logger: name })));
  return found;
}

/** Sets the level of every logger: `debug`, `info`, `warn`, `error` or `silent`. */
export function setLogLevel(level: string): void {
  root.level = level;
  for (const each of loggers.values()) each.level = level;
}

/** Nest's own messages, into the same stream. Its start-up chatter is kept at debug level. */
export class NestLogger implements LoggerService {
  private readonly log_ = logger('nest');

  log(message: unknown, ...context: unknown[]): void {
    this.log_.debug({ context: context.at(-1) }, String(message));
  }
  error(message: unknown, ...context: unknown[]): void {
    this.log_.error({ context: context.at(-1) }, String(message));
  }
  warn(message: unknown, ...context: unknown[]): void {
    this.log_.warn({ context: context.at(-1) }, String(message));
  }
  debug(message: unknown, ...context: unknown[]): void {
    this.log_.debug({ context: context.at(-1) }, String(message));
  }
  fatal(message: unknown, ...context: unknown[]): void {
    this.log_.fatal({ context: context.at(-1) }, String(message));
  }
}
