import { currentStory, currentTraceparent, runInStory, withSpan, type Story } from '@gitway/observability';

/** What is stored for a job: its data, and the story in which it was added, so that logs and traces go on in the handler. */
export interface JobEnvelope<Data> {
  readonly data: Data;
  readonly story: Story | null;
  readonly traceparent: string | null;
}

export function seal<Data>(data: Data): JobEnvelope<Data> {
  return { data, story: currentStory() ?? null, traceparent: currentTraceparent() };
}

/** Runs `work` in the story and trace that the job was added in. */
export function runSealed<Data>(queue: string, envelope: JobEnvelope<Data>, work: () => Promise<void>): Promise<void> {
  const traced = () =>
    withSpan(`job ${queue}`, work, envelope.traceparent === null ? {} : { traceparent: envelope.traceparent });
  return envelope.story === null ? traced() : runInStory(envelope.story, traced);
}

/** A job that `every` makes begins a story of its own with each run. */
export function sealWithoutStory<Data>(data: Data): JobEnvelope<Data> {
  return { data, story: null, traceparent: null };
}
