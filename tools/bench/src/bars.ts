import { burstName, closedName, type Result } from './result';

/** One goal, and what was measured. */
export interface Bar {
  what: string;
  goal: string;
  value: number;
  met: boolean;
}

/** The goals of docs/performance.md that this bench can judge; those whose load did not run are left out. */
export function barsOf({ settings }: Result): Bar[] {
  const bars: Bar[] = [];
  const atMost = (what: string, limit: number, unit: string, value: number | undefined): void => {
    if (value !== undefined) bars.push({ what, goal: `≤ ${limit}${unit}`, value, met: value <= limit });
  };
  const atLeast = (what: string, limit: number, value: number | undefined): void => {
    if (value !== undefined) bars.push({ what, goal: `≥ ${limit}×`, value, met: value >= limit });
  };
  const { tuned, plain } = settings;
  const one = closedName(1);
  atMost('hop, 1 in flight, as npm start sets it up: p50', 12, ' ms', tuned?.loads[one]?.loom?.hopP50);
  atMost('hop, 1 in flight, as npm start sets it up: p99', 40, ' ms', tuned?.loads[one]?.loom?.hopP99);
  atMost('hop, 1 in flight, server as it comes: p50', 30, ' ms', plain?.loads[one]?.loom?.hopP50);
  for (const [name, setting] of Object.entries(settings)) {
    const { loom, 'bare regular': bare } = setting.loads[burstName(400)] ?? {};
    if (loom === undefined || bare === undefined) continue;
    atLeast(`runs/s against bare regular activities, ${name}`, 1.3, loom.runsPerSecond / bare.runsPerSecond);
    atMost(`history events a step, ${name}`, 6, '', loom.eventsAStep);
    const ratio = (loom.cpuARun['temporal'] ?? 0) / (bare.cpuARun['temporal'] ?? 1);
    atMost(`the server's processor time against bare regular activities, ${name}`, 0.7, '×', ratio);
  }
  const trips = (tuned ?? plain)?.roundTrips;
  if (trips !== undefined)
    atMost('a candidate by the api against bare Express', 2, '×', trips.api.p50 / trips.express.p50);
  return bars;
}
