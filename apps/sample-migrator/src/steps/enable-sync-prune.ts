import { setScalar } from '../yaml/edit';
import { APPLICATION, editApplication, isMarked, PRUNE, unmark } from './prune-mark';
import type { ChangeStep } from './step';
import { applicationValue } from './subject';

/** Turns automatic pruning on again, only where `disable-sync-prune` turned it off. */
export const enableSyncPrune: ChangeStep = (context) =>
  editApplication(context, 'Prune again', (text) => {
    if (!isMarked(text)) return text;
    const unmarked = unmark(text);
    return applicationValue(unmarked, PRUNE) === false
      ? setScalar(unmarked, PRUNE, true, APPLICATION)
      : unmarked;
  });
