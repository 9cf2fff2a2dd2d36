/** A timer that fires later than this did so because the whole process stood still. In ms. */
const STANDSTILL_MS = 50;

/**
 * Calls `onTime` after `ms`; where this process stands still over the end of that, it waits as long again as it was
 * late, `ms` at most: a machine with more to do than it can, a suspended container. A plain timer fires first when the
 * process goes on, before the answers that came meanwhile are read, and so takes calls for lost that were answered.
 * Returns what ends the timer.
 */
export function patientTimer(ms: number, onTime: () => void): () => void {
  const due = performance.now() + ms;
  let answers: NodeJS.Immediate | undefined;
  let timer = setTimeout(() => {
    const late = performance.now() - due;
    if (late < STANDSTILL_MS) afterAnswers();
    else timer = setTimeout(afterAnswers, Math.min(late, ms));
  }, ms);
  // Immediates run after what has arrived by now was read.
  const afterAnswers = () => (answers = setImmediate(onTime));
  return () => {
    clearTimeout(timer);
    clearImmediate(answers);
  };
}

/** The answer, or an Error that says that there was none within `ms`, a standstill of this process not counted. */
export function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = patientTimer(ms, () => {
      reject(new Error(`it did not answer within ${String(ms)} ms`));
    });
    void answer.then(resolve, reject).finally(end);
  });
}
