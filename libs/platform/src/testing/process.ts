import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface AppProcess {
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the first log line of that message, past or future; rejects when the process ends without it. */
  line(message: string): Promise<Record<string, unknown>>;
  messages(): unknown[];
  stderr(): string;
  /** Nobody reads its standard output any more. */
  closeStdout(): void;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `app.ts` beside this file in a process of its own. */
export function startApp(...args: string[]): AppProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'app.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  const waiting = new Map<string, (line: Record<string, unknown>) => void>();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  createInterface(child.stdout).on('line', (text) => {
    const line = JSON.parse(text) as Record<string, unknown>;
    lines.push(line);
    waiting.get(String(line['message']))?.(line);
  });
  const exited = new Promise<Awaited<AppProcess['exited']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    kill: (signal) => child.kill(signal),
    line(message) {
      const seen = lines.find((line) => line['message'] === message);
      if (seen !== undefined) return Promise.resolve(seen);
      return Promise.race([
        new Promise<Record<string, unknown>>((resolve) => waiting.set(message, resolve)),
        exited.then(() => Promise.reject(new Error(`ended without "${message}": ${errors}`))),
      ]);
    },
    messages: () => lines.map(({ message }) => message),
    stderr: () => errors,
    closeStdout: () => void child.stdout.destroy(),
    exited,
  };
}
