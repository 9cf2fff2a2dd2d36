import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createForge } from './app';
import { ConfigError, loadConfig } from './config';
import { errorLine } from './errors';
import { requireGit } from './git/git';
import { listen } from './server';

/** Together below the five seconds after which whoever asked to stop may use force. */
const requestGraceMs = 2_500;
const webhookGraceMs = 1_500;

const say = (line: string): void => {
  process.stdout.write(`local-forge: ${line}\n`);
};
const warn = (line: string): void => {
  process.stderr.write(`local-forge: ${line}\n`);
};

const prepareDirectory = (dir: string): void => {
  try {
    mkdirSync(join(dir, 'home'), { recursive: true });
    accessSync(dir, constants.R_OK | constants.W_OK);
  } catch {
    throw new ConfigError('FORGE_DIR: expected a directory that can be made and written to');
  }
};

const start = async (): Promise<void> => {
  const config = loadConfig(process.env);
  await requireGit(config.searchPath);
  prepareDirectory(config.dir);
  let address = '';
  const forge = createForge({ config, address: () => address, warn });
  const listener = await listen(forge.app, config.port, config.host);
  address = listener.address;
  say(
    `listening on ${address}, data in ${config.dir}${config.token === undefined ? ', no token needed' : ''}`,
  );

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await listener.stop(requestGraceMs);
    await forge.close(webhookGraceMs);
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  await forge.recover();
};

start().catch((error: unknown) => {
  warn(errorLine(error));
  process.exit(1);
});
