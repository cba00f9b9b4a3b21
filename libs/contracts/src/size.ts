const unitBytes = {
  B: 1,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
} as const;

/** Bytes of a size as people write it: `512B`, `10MB`, `1.5GiB`. Null for what is none of these, or no whole number of bytes. */
export function parseSizeBytes(text: string): number | null {
  const parts = /^(\d{1,15}(?:\.\d{1,3})?)(B|KB|MB|GB|KiB|MiB|GiB)$/.exec(text);
  if (parts === null) return null;
  const bytes = Number(parts[1]) * unitBytes[parts[2] as keyof typeof unitBytes];
  return Number.isSafeInteger(bytes) ? bytes : null;
}

/** The shortest exact form: 1500 → `1500B`, 2000 → `2KB`, 1048576 → `1MiB`. */
export function formatSize(bytes: number): string {
  for (const unit of ['GB', 'GiB', 'MB', 'MiB', 'KB', 'KiB'] as const) {
    const amount = bytes / unitBytes[unit];
    if (amount >= 1 && Number.isInteger(amount)) return `${amount}${unit}`;
  }
  return `${bytes}B`;
}
