import { setScalar } from '../yaml/edit';
import { APPLICATION, editApplication, mark, PRUNE } from './prune-mark';
import type { ChangeStep } from './step';
import { applicationValue } from './subject';

/** Turns automatic pruning off in one environment; where it is not on, nothing changes. */
export const disableSyncPrune: ChangeStep = (context) =>
  editApplication(context, 'Stop pruning', (text) =>
    applicationValue(text, PRUNE) === true ? mark(setScalar(text, PRUNE, false, APPLICATION)) : text,
  );
