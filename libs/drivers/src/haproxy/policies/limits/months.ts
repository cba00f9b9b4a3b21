/** `202611` → the second in which the month ends, for every month of this century: HAProxy cannot reckon that. */
export function monthEntries(): (readonly [month: string, endSeconds: string])[] {
  return Array.from({ length: (2100 - 2020) * 12 }, (_, index) => {
    const year = 2020 + Math.floor(index / 12);
    const month = (index % 12) + 1;
    return [`${year}${String(month).padStart(2, '0')}`, String(Date.UTC(year, month, 1) / 1000)] as const;
  });
}
