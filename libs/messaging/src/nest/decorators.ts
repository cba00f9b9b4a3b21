import type { DeadLetter, EventDefinition, EventEnvelope, TrafficBatch } from '@gitway/contracts';
import { type ArgumentsHost, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';
import type { Commit } from '../outbox/unit-of-work.ts';

/** What a handler may be: it reads and thinks, and returns what to write (see `Commit`), or nothing. */
type Handler<Payload> = (payload: Payload) => Promise<Commit | void>;

type HandlerDecorator<Payload> = <T extends Handler<Payload>>(
  target: object,
  propertyKey: string | symbol,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/** Nest would replace an error by "Internal server error"; the dispatcher needs to see what really happened. */
@Catch()
class KeepError implements RpcExceptionFilter<unknown> {
  catch(exception: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => exception);
  }
}

export const FACT_PATTERN = 'fact:';
export const ANY_FACT_PATTERN = 'any-fact';
export const TRAFFIC_PATTERN = 'traffic';
export const DEAD_LETTER_PATTERN = 'dead-letter';

function handler<Payload>(pattern: string): HandlerDecorator<Payload> {
  const listens: MethodDecorator = EventPattern<unknown>(pattern);
  const keepsErrors = UseFilters(new KeepError());
  return (target, propertyKey, descriptor) => {
    listens(target, propertyKey, descriptor);
    keepsErrors(target, propertyKey, descriptor);
  };
}

/** Handles one fact, once, in order within its scope. The service's entry in the contracts must list it. */
export function OnFact<Data>(definition: EventDefinition<Data>): HandlerDecorator<EventEnvelope<Data>> {
  return handler(`${FACT_PATTERN}${definition.type}`);
}

/** Handles every fact of every service. */
export function OnAnyFact(): HandlerDecorator<EventEnvelope> {
  return handler(ANY_FACT_PATTERN);
}

/** Handles batches of call records. */
export function OnTraffic(): HandlerDecorator<TrafficBatch> {
  return handler(TRAFFIC_PATTERN);
}

/** Hears of messages that some service has given up on. */
export function OnDeadLetter(): HandlerDecorator<DeadLetter> {
  return handler(DEAD_LETTER_PATTERN);
}
