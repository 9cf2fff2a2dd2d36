/** Spreads the questions of the poll over time. */
export interface Pace {
  /** Resolves when the next question may be asked; to false when none may be any more. One waits at a time. */
  turn: () => Promise<boolean>;
  /** Ends every wait. */
  stop: () => void;
}

export interface PaceDeps {
  /** At most this many questions in any `intervalMs`, beside as many that are asked at once after a pause. */
  questions: number;
  intervalMs: number;
  /** Until when the forge has none to spare, in epoch milliseconds. */
  scarceUntil: (now: number) => number | undefined;
  now: () => number;
  /** Resolves after `ms`, or rejects when `signal` aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Longest single wait: a clock that was set must not stop the poll for long. */
const LONGEST_WAIT_MS = 60_000;

/** Creates a pace that begins rested. */
export function createPace({ questions, intervalMs, scarceUntil, now, wait }: PaceDeps): Pace {
  const stopping = new AbortController();
  const { signal } = stopping;
  const spacing = intervalMs / questions;
  let left = questions;
  let at = now();
  const waitMs = (): number => {
    const time = now();
    left = Math.min(questions, left + Math.max(time - at, 0) / spacing);
    at = time;
    const scarce = (scarceUntil(time) ?? time) - time;
    return Math.max(scarce, left >= 1 ? 0 : Math.ceil((1 - left) * spacing));
  };
  return {
    turn: async () => {
      for (let ms = waitMs(); ms > 0 && !signal.aborted; ms = waitMs()) {
        await wait(Math.min(ms, LONGEST_WAIT_MS), signal).catch(() => undefined);
      }
      left -= 1;
      return !signal.aborted;
    },
    stop: () => stopping.abort(),
  };
}
