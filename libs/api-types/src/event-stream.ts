import { reconnectDelay, wait } from './reconnect-delay';
import { connect, StreamRefusedError, type StreamState, type SubscribeOptions } from './stream-connection';

export { StreamRefusedError, type SubscribeOptions };

/**
 * Follows a Server-Sent Events stream of Loom until `signal` aborts, reconnecting with Last-Event-ID and a growing,
 * jittered delay. Resolves after the abort, or when the server answers 204.
 * @throws StreamRefusedError on a 4xx other than 408 and 429.
 */
export async function subscribe(url: string, options: SubscribeOptions): Promise<void> {
  const state: StreamState = {
    lastEventId: options.lastEventId,
    failures: 0,
    baseMs: undefined,
    atLeastMs: 0,
  };
  const pause = options.wait ?? wait;
  const isOver = (): boolean => options.signal.aborted;
  while (!isOver()) {
    state.atLeastMs = 0;
    try {
      if ((await connect(url, options, state)) === 'over') return;
      state.failures += 1;
    } catch (error) {
      if (isOver()) return;
      if (error instanceof StreamRefusedError && !isPassing(error.status)) throw error;
      state.failures += 1;
      options.onError?.(error);
    }
    const { baseMs, atLeastMs } = state;
    await pause(
      reconnectDelay(state.failures, baseMs === undefined ? { atLeastMs } : { baseMs, atLeastMs }),
      options.signal,
    );
  }
}

function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}
