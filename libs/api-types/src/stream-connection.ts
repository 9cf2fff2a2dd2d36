import { createEventParser, type EventFrame } from './event-parser';
import { toLoomEvent, type LoomEvent } from './loom-event';
import { retryAfterMs } from './reconnect-delay';

/** The server sends a comment every 15 s; after three missed ones the line is dead, whatever TCP thinks. */
const SILENCE_MS = 45_000;

export interface SubscribeOptions {
  /** Id of the last event that the caller has; sent as Last-Event-ID. */
  lastEventId?: string;
  onEvent: (event: LoomEvent) => void;
  /** Ends the subscription. */
  signal: AbortSignal;
  /** Told of each lost or failed connection, and of each event that does not fit or that `onEvent` threw on. */
  onError?: (error: unknown) => void;
  /** Told when a stream is open, after each reconnect too. */
  onOpen?: () => void;
  headers?: Record<string, string>;
  /** The global one when absent. */
  fetch?: typeof fetch;
  /** Milliseconds without any byte after which the connection is given up. */
  silenceMs?: number;
  /** Waits between tries; for tests. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The server refuses the stream, and asking again would not help. */
export class StreamRefusedError extends Error {
  override readonly name = 'StreamRefusedError';
  constructor(
    readonly status: number,
    /** The answer's body as text: a problem, where the server is Loom. */
    readonly body: string,
  ) {
    super(`the event stream was refused with ${status}`);
  }
}

/** What one subscription remembers from connection to connection. */
export interface StreamState {
  lastEventId: string | undefined;
  failures: number;
  baseMs: number | undefined;
  atLeastMs: number;
}

/** One connection, to its end; `ended` when the server closed it, `over` when it wants no other. */
export async function connect(
  url: string,
  options: SubscribeOptions,
  state: StreamState,
): Promise<'ended' | 'over'> {
  const connection = new AbortController();
  const abort = (): void => connection.abort();
  options.signal.addEventListener('abort', abort);
  const silence = watchSilence(options.silenceMs ?? SILENCE_MS, () =>
    connection.abort(new Error('the event stream fell silent')),
  );
  try {
    const response = await (options.fetch ?? fetch)(url, {
      headers: requestHeaders(options, state),
      signal: connection.signal,
    });
    if (response.status === 204) return 'over';
    const body = await streamOf(response, state);
    options.onOpen?.();
    const heard = (): void => {
      state.failures = 0;
      silence.heard();
    };
    await readAll(body, heard, createLoomParser(options, state));
    return 'ended';
  } finally {
    silence.stop();
    options.signal.removeEventListener('abort', abort);
    // Whatever ended the reading, the connection does not stay open behind it.
    connection.abort();
  }
}

function requestHeaders(options: SubscribeOptions, state: StreamState): Record<string, string> {
  const resume = state.lastEventId === undefined ? {} : { 'Last-Event-ID': state.lastEventId };
  return { Accept: 'text/event-stream', ...options.headers, ...resume };
}

/** @throws StreamRefusedError unless the answer is a stream. */
async function streamOf(response: Response, state: StreamState): Promise<ReadableStream<Uint8Array>> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (response.ok && isStream && response.body !== null) return response.body;
  state.atLeastMs = retryAfterMs(response.headers.get('retry-after'));
  // A 2xx that is no stream comes from something between us and Loom: as a bad gateway, it may pass.
  throw new StreamRefusedError(response.ok ? 502 : response.status, await response.text());
}

function createLoomParser(options: SubscribeOptions, state: StreamState): (text: string) => void {
  return createEventParser({
    onRetry: (milliseconds) => (state.baseMs = milliseconds),
    onFrame: (frame) => {
      state.lastEventId = frame.id ?? state.lastEventId;
      deliver(frame, options);
    },
  });
}

/** An event that does not fit is reported and skipped: asked for again, it would come again, for ever. */
function deliver(frame: EventFrame, options: SubscribeOptions): void {
  if (options.signal.aborted) return;
  try {
    const event = toLoomEvent(frame);
    if (event !== undefined) options.onEvent(event);
  } catch (error) {
    options.onError?.(error);
  }
}

async function readAll(
  body: ReadableStream<Uint8Array>,
  heard: () => void,
  parse: (text: string) => void,
): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    parse(decoder.decode(value, { stream: true }));
  }
}

function watchSilence(milliseconds: number, onSilence: () => void): { heard: () => void; stop: () => void } {
  let timer = setTimeout(onSilence, milliseconds);
  const stop = (): void => clearTimeout(timer);
  return {
    stop,
    heard: () => {
      stop();
      timer = setTimeout(onSilence, milliseconds);
    },
  };
}
