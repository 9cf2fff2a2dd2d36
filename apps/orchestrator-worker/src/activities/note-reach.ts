import type { Unreachable } from '@loom/domain';
import type { Clock, DispatchOutcome, MigratorReach } from '@loom/ports';

/**
 * Notes whether an app was reached, where that is news to what is `known`; answers what is left to tell. Beside the
 * dispatch, whose result does not depend on it: what is not noted now is with the next one.
 */
export function noteReach(
  { reach, clock }: { reach: MigratorReach; clock: Clock },
  { app, known }: { app: string; known: Unreachable | undefined },
  outcome: DispatchOutcome,
): DispatchOutcome {
  if (outcome.outcome === 'retry' && outcome.unreachable !== undefined) {
    const { unreachable, ...told } = outcome;
    if (known?.detail !== unreachable) reach.lost(app, unreachable, clock.now()).catch(() => undefined);
    return told;
  }
  if (outcome.outcome === 'accepted' && known !== undefined) reach.found(app).catch(() => undefined);
  return outcome;
}
