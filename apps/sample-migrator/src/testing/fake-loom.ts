import type { MigrationAnnouncement, StepStatusEvent, Candidate } from '@loom/api-types';
import type { LoomAnswer, LoomClient } from '../loom/loom-client';

/** A Loom in memory: keeps what it was told, and answers as told to. */
export interface FakeLoom extends LoomClient {
  events: { callbackId: string; event: StepStatusEvent }[];
  announcements: MigrationAnnouncement[];
  submits: Candidate[][];
  /** Answers of the next events, in order; an Error is a connection that failed. Afterwards 202. */
  answers: (LoomAnswer | Error)[];
  /** Resolves with the first event of that status, past or future. */
  event(status: StepStatusEvent['status'], stepName?: string): Promise<StepStatusEvent>;
}

const WAIT_MS = 20_000;

/** Creates a Loom that accepts everything. */
export function createFakeLoom(): FakeLoom {
  const events: FakeLoom['events'] = [];
  const answers: FakeLoom['answers'] = [];
  const announcements: MigrationAnnouncement[] = [];
  const submits: Candidate[][] = [];
  const watchers = new Set<() => void>();
  return {
    events,
    answers,
    announcements,
    submits,
    raiseEvent: (callbackId, event) => {
      const answer = answers.shift() ?? { status: 202 };
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer.status < 300) events.push({ callbackId, event });
      for (const look of watchers) look();
      return Promise.resolve(answer);
    },
    announce: (announcement) => {
      announcements.push(announcement);
      return Promise.resolve({ status: 200 });
    },
    submit: (_migrationId, candidates) => {
      submits.push(candidates);
      const body = { added: candidates.length, updated: 0, unchanged: 0, preserved: 0 };
      return Promise.resolve({ status: 200, body });
    },
    ping: () => Promise.resolve(),
    event: (status, stepName) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(look);
          const seen = events.map(({ event }) => `${event.stepName} ${event.status} ${event.reason ?? ''}`);
          reject(new Error(`no event ${status} ${stepName ?? ''}; there were: ${seen.join(', ')}`));
        }, WAIT_MS);
        const look = (): void => {
          const found = events.find(
            ({ event }) => event.status === status && (stepName === undefined || event.stepName === stepName),
          );
          if (!found) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve(found.event);
        };
        watchers.add(look);
        look();
      }),
  };
}
