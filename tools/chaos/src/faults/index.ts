import type { Fault } from '../stage';
import { apiKills } from './api-kills';
import { floods } from './flood';
import { hostiles } from './hostile';
import { lostStores } from './lost-store';
import { networkFaults } from './network';
import { parallelOperations } from './operations';
import { serverFaults } from './servers';
import { shutdowns } from './shutdowns';
import { storms } from './storms';
import { workerKills } from './worker-kills';

/** Every way in which the long set breaks something. */
export const FAULTS: readonly Fault[] = [
  ...workerKills,
  ...apiKills,
  ...serverFaults,
  ...lostStores,
  ...networkFaults,
  ...storms,
  ...hostiles,
  ...shutdowns,
  ...parallelOperations,
  ...floods,
];
