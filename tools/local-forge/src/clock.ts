/** Where the time comes from. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };

/** The time as GitHub writes it: `2026-01-31T23:59:59Z`. */
export const timestamp = (clock: Clock): string =>
  clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
