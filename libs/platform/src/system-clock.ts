import type { Clock } from '@loom/ports';

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date().toISOString() };
