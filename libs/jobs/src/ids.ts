import type { Job } from 'bullmq';

/** BullMQ refuses ids that are numbers or hold a colon; ours are any text. */
export const encodeId = (id: string): string => `id-${encodeURIComponent(id)}`;

export const decodeId = (id: string): string => (id.startsWith('id-') ? decodeURIComponent(id.slice(3)) : id);

/** The id as it was given to `add` or `every`; BullMQ's own where none was given. */
export function jobIdOf(job: Pick<Job, 'id' | 'repeatJobKey'>): string {
  return decodeId(job.repeatJobKey ?? job.id ?? '');
}
