import { AsyncLocalStorage } from 'node:async_hooks';

/** Which story the present work belongs to: it is written into every log line and every event that follows from it. */
export interface Story {
  /** One id from the first cause (a commit, a command) to the last effect. */
  readonly correlationId: string;
  /** The event that is being handled; null for a first cause. */
  readonly causationId: string | null;
}

const stories = new AsyncLocalStorage<Story>();

export function runInStory<T>(story: Story, work: () => T): T {
  return stories.run(story, work);
}

export function currentStory(): Story | undefined {
  return stories.getStore();
}
