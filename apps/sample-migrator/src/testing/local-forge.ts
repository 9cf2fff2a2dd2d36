import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from './start-of';

/** A forge process of its own on a free port, with everything that GitHub's REST subset and git over HTTP offer. */
export interface LocalForge {
  url: string;
  token: string;
  /** A REST request as somebody who may do everything. */
  api(method: string, path: string, body?: object): Promise<unknown>;
  stop: () => Promise<void>;
}

const main = join(__dirname, '../../../../tools/local-forge/src/main.ts');
const token = 'local-forge-test-token';

/** Starts the local forge; `environment` adds settings of its own. */
export async function startLocalForge(
  environment: Readonly<Record<string, string>> = {},
): Promise<LocalForge> {
  const directory = mkdtempSync(join(tmpdir(), 'migrator-forge-'));
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { ...process.env, FORGE_PORT: '0', FORGE_DIR: directory, FORGE_TOKEN: token, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const announced = (found: (url: string) => void): void => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const address = /listening on (\S+),/.exec(output)?.[1];
      if (address !== undefined) found(address);
    });
  };
  const url = await startOf(child, announced, () => output);
  return {
    url,
    token,
    api: async (method, path, body) => {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
