import type { Setting } from './arguments';
import type { Figures } from './figures';
import type { RoundTrip } from './round-trips';

export const DESIGNS = ['loom', 'bare regular', 'bare local'] as const;
export type Design = (typeof DESIGNS)[number];

/** Of one setting of the server: what each design did under each load. */
export type Loads = Record<string, Partial<Record<Design, Figures>>>;

/** All that a run of the bench writes down. */
export interface Result {
  at: string;
  machine: { node: string; cpus: number; cpu: string; loadBefore: number; loadAfter: number };
  settings: Partial<
    Record<Setting, { loads: Loads; roundTrips: Record<'api' | 'express' | 'redis', RoundTrip> }>
  >;
}

export const CLOSED = [1, 4, 32] as const;
export const closedName = (inFlight: number): string => `${inFlight} in flight`;
export const burstName = (runs: number): string => `${runs} runs at once`;
