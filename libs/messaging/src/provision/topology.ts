import {
  allEvents,
  DEAD_LETTER_STREAM,
  DEAD_LETTER_SUBJECTS,
  eventsOwnedBy,
  type Owner,
  owners,
  services,
  streamOf,
  subjectPrefix,
  TRAFFIC_STREAM,
  TRAFFIC_SUBJECTS,
} from '@gitway/contracts';
import type { ConsumerRef } from '../bus/message-bus.ts';

const day = 24 * 60 * 60 * 1000;

export interface StreamPlan {
  readonly name: string;
  readonly subjects: string[];
  readonly maxAgeMs: number;
  readonly maxBytes: number;
  /** A message id that comes again within this time is not stored again. */
  readonly duplicateWindowMs: number;
}

/** The streams that Gitway needs: one per owner of facts, one for dead letters, one for traffic. */
export function streamPlans(): StreamPlan[] {
  const facts = owners.map((owner) => ({
    name: streamOf(owner),
    subjects: eventsOwnedBy(owner).map((definition) => `${subjectPrefix(definition)}.>`),
    maxAgeMs: 30 * day,
    maxBytes: 2 * 1024 ** 3,
    duplicateWindowMs: 10 * 60 * 1000,
  }));
  return [
    ...facts.filter((plan) => plan.subjects.length > 0),
    {
      name: DEAD_LETTER_STREAM,
      subjects: [DEAD_LETTER_SUBJECTS],
      maxAgeMs: 30 * day,
      maxBytes: 1024 ** 3,
      duplicateWindowMs: 10 * 60 * 1000,
    },
    {
      name: TRAFFIC_STREAM,
      subjects: [TRAFFIC_SUBJECTS],
      maxAgeMs: day,
      maxBytes: 1024 ** 3,
      duplicateWindowMs: 10 * 60 * 1000,
    },
  ];
}

export const factConsumer = (service: Owner, owner: Owner, fact: string): ConsumerRef => ({
  stream: streamOf(owner),
  durable: `${service}-${fact}`,
  filter: fact === 'replay-requested' ? `gitway.${owner}.${fact}.${service}` : `gitway.${owner}.${fact}.>`,
});

export const allFactsConsumer = (service: Owner, owner: Owner): ConsumerRef => ({
  stream: streamOf(owner),
  durable: `${service}-all`,
  filter: `gitway.${owner}.>`,
});

export const deadLettersConsumer = (service: Owner): ConsumerRef => ({
  stream: DEAD_LETTER_STREAM,
  durable: `${service}-dead-letters`,
  filter: DEAD_LETTER_SUBJECTS,
});

export const trafficConsumer = (service: Owner): ConsumerRef => ({
  stream: TRAFFIC_STREAM,
  durable: `${service}-traffic`,
  filter: TRAFFIC_SUBJECTS,
});

/** Every durable consumer of one service, from the table in the contracts. */
export function consumersOf(service: Owner): ConsumerRef[] {
  const contract = services[service];
  const consumed = contract.consumes;
  const refs: ConsumerRef[] =
    consumed === '*'
      ? owners.filter((owner) => eventsOwnedBy(owner).length > 0).map((owner) => allFactsConsumer(service, owner))
      : consumed.map((fact) => factConsumer(service, ownerOf(fact), fact));
  if (contract.uses.includes('dead-letters:read')) refs.push(deadLettersConsumer(service));
  if (contract.uses.includes('traffic:read')) refs.push(trafficConsumer(service));
  return refs;
}

function ownerOf(fact: string): Owner {
  const definition = allEvents.find((event) => event.fact === fact);
  if (definition === undefined) throw new Error(`no event of the catalogue is called ${fact}`);
  return definition.owner;
}
