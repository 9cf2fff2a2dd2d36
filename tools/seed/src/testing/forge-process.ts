import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A local forge as a process of its own, on a free port. */
export interface ForgeProcess {
  url: string;
  stop(): Promise<void>;
}

const main = join(__dirname, '../../../local-forge/src/main.ts');

/** Starts a forge that is empty; its data is gone when it stops. */
export async function startForgeProcess(token: string): Promise<ForgeProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'seed-forge-'));
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { ...process.env, FORGE_PORT: '0', FORGE_DIR: directory, FORGE_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const address = /listening on (\S+),/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    });
    void exited.then(() => reject(new Error(`the local forge ended: ${output}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
