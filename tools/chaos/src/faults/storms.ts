import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../stage';

const STORM_MS = 3_000;
const LATE_MS = 2_000;

const storm: Fault = {
  name: 'callback storm',
  what: 'reports doubled, shuffled, late, forged, of wrong attempts, before the dispatch returned, after the end',
  times: 10,
  async inject({ world }) {
    await world.migrator.set({ storm: true });
    await pause(STORM_MS);
    await world.migrator.set({ storm: false });
    await pause(LATE_MS);
    return `stormed for ${STORM_MS} ms`;
  },
};

export const storms: readonly Fault[] = [storm];
