import { parseDurationMs } from '@gitway/contracts';

export function durationMs(text: string | undefined, otherwise: number): number {
  return (text === undefined ? null : parseDurationMs(text)) ?? otherwise;
}
