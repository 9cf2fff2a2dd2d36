const EVERY_MS = 500;

/**
 * Calls back once, when the process that started this one has gone; for programs that have no reason to outlive it.
 * The timer does not keep the process alive.
 */
export function onParentGone(callback: () => void, parentOf: () => number = () => process.ppid): () => void {
  const parent = parentOf();
  const timer = setInterval(() => {
    if (parentOf() === parent) return;
    clearInterval(timer);
    callback();
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
