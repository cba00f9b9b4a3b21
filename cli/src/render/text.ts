/** What others wrote (commit messages, reasons, names) must neither move the cursor nor turn the line around. */
export function clean(text: string): string {
  return text
    .replaceAll(/[\t\r\n]+/g, ' ')
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD');
}

export const shortCommit = (commit: string) => commit.slice(0, 8);
export const shortId = (id: string) => id.slice(0, 8);
export const firstLine = (text: string) => clean(text.split('\n', 1)[0] ?? '');

export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

const steps: [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** `3m ago`; the largest unit that fits. */
export function ago(instant: string | null, now: Date): string {
  if (instant === null) return 'never';
  const ms = now.getTime() - Date.parse(instant);
  if (ms < 1_000) return 'now';
  const [unitMs, unit] = steps.find(([size]) => ms >= size)!;
  return `${Math.floor(ms / unitMs)}${unit} ago`;
}

/** `10:04:05.123`, in UTC. */
export const timeOfDay = (instant: string) => instant.slice(11, 23);

/** `10:04:05.123` of today, `2026-11-22 10:04:05.123` of any other day; in UTC. */
export function instantOf(instant: string, now: Date): string {
  const [day, time] = [instant.slice(0, 10), timeOfDay(instant)];
  return clean(day === now.toISOString().slice(0, 10) ? time : `${day} ${time}`);
}

/** `1 file`, `2 files`, `0 files`. */
export const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
