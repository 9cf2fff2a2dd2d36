import type { Clock, ExecutionEngine, Logger, RepairQueue } from '@loom/ports';

export interface ReconcileDeps {
  repair: RepairQueue;
  engine: ExecutionEngine;
  clock: Clock;
  logger: Logger;
}

/** What one tick did. */
export interface ReconcileReport {
  restarted: number;
  cancelsAsked: number;
}

/** Younger ones are likely just under way; the API's own request may take up to its gRPC deadline. */
const GRACE_MS = 30_000;
/** A tick's share; the rest waits for the next one, so that a tick stays well inside its time. */
const BATCH = 200;

/** Repairs what a crash between two writes leaves behind. Each act is idempotent and conditional. */
export function createReconcileActivities({ repair, engine, clock, logger }: ReconcileDeps) {
  const before = () => new Date(Date.parse(clock.now()) - GRACE_MS).toISOString();
  return {
    async restartReservations(): Promise<Pick<ReconcileReport, 'restarted'>> {
      let restarted = 0;
      for (const manifest of await repair.unstarted(before(), BATCH)) {
        const { outcome } = await engine.start(manifest);
        if (outcome !== 'started') continue;
        restarted += 1;
        logger.warn('started a reservation that no workflow had taken up', {
          runId: manifest.runId,
          runAttempt: manifest.runAttempt,
        });
      }
      return { restarted };
    },

    async askCancelsAgain(): Promise<Pick<ReconcileReport, 'cancelsAsked'>> {
      let cancelsAsked = 0;
      for (const cancel of await repair.pendingCancels(before(), BATCH)) {
        if (await engine.cancel(cancel)) cancelsAsked += 1;
      }
      return { cancelsAsked };
    },
  };
}
