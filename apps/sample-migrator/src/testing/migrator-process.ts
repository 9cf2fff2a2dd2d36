import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startOf } from './start-of';

/** The migrator as a process of its own. */
export interface MigratorProcess {
  url: string;
  /** Everything that it logged. */
  logs: string[];
  post(
    path: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown }>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `main.ts`; resolves when it listens. */
export async function startMigratorProcess(
  environment: Readonly<Record<string, string>>,
): Promise<MigratorProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, '../main.ts')], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logs: string[] = [];
  const exited = once(child, 'exit') as Promise<[number | null]>;
  createInterface(child.stderr).on('line', (line) => logs.push(line));
  const announced = (found: (port: number) => void): void => {
    createInterface(child.stdout).on('line', (line) => {
      logs.push(line);
      const entry = JSON.parse(line) as { message: string; port?: number };
      if (entry.message === 'listening' && entry.port !== undefined) found(entry.port);
    });
  };
  const port = await startOf(child, announced, () => logs.join('\n'));
  const url = `http://127.0.0.1:${String(port)}`;
  return {
    url,
    logs,
    post: async (path, body, headers = {}) => {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    },
    kill: async (signal) => {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}
