import { DevStackError } from './errors';
import { type Exit, type ManagedProcess, type ProcessSpec } from './managed-process';
import { type ProcessGroup } from './process-group';
import { waitUntil } from './wait';

export interface ServiceSpec extends Omit<ProcessSpec, 'mayEnd'> {
  /** It is ready when a GET of this URL answers 2xx. Without one it is ready once it runs. */
  readyUrl?: string;
  /** Default 60 s. */
  readyTimeoutMs?: number;
}

const READY_TIMEOUT_MS = 60_000;
const ASK_LIMIT_MS = 2_000;

/**
 * Starts one of Loom's own programs and waits for its readiness over HTTP.
 * @throws DevStackError with its last lines, when it ends first or is not ready in time; it is stopped then.
 */
export async function startService(group: ProcessGroup, spec: ServiceSpec): Promise<ManagedProcess> {
  const { readyUrl, readyTimeoutMs = READY_TIMEOUT_MS, ...process } = spec;
  const running = group.start({ ...process, mayEnd: true });
  let ended: Exit | undefined;
  void running.exited.then((exit) => (ended = exit));
  try {
    if (readyUrl !== undefined) {
      const ready = async () => ended !== undefined || (await answersWell(readyUrl));
      await waitUntil(`${spec.name} at ${readyUrl}`, ready, { timeoutMs: readyTimeoutMs, everyMs: 100 });
    }
  } catch (error) {
    await running.stop();
    throw notReady(running, error instanceof Error ? error.message : String(error));
  }
  if (running.hasEnded())
    throw notReady(running, `${spec.name} ended before it was ready (${howItEnded(await running.exited)})`);
  running.mustStay();
  return running;
}

async function answersWell(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answers ${response.status}`);
  return true;
}

function notReady(running: ManagedProcess, what: string): DevStackError {
  const lines = running.lastLines().slice(-15);
  return new DevStackError([what, ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** `code 1`, or the signal's name. */
export function howItEnded(exit: Exit): string {
  return exit.signal ?? `code ${exit.code ?? '?'}`;
}
