const DAY_MS = 86_400_000;

/** Days of activity and burndown are kept so long. */
export const DAYS_KEPT = 400;

/** Number of the UTC day of a time, counted from 1970-01-01; 0 for what is no time. */
export function dayNumber(time: string): number {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / DAY_MS);
}

/** `YYYY-MM-DD` of a day's number. */
export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The `count` days up to `until`, oldest first, as numbers. */
export function daysUntil(until: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => until - count + 1 + index);
}
