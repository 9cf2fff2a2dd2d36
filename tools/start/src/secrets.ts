import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the parts of one local Loom share; made once, so that a restart can still check yesterday's callbacks. */
export interface Secrets {
  callbackKeys: string;
  forgeToken: string;
  webhookSecret: string;
}

/** Reads the secrets in `file`, or makes them there, readable by this user only. */
export async function localSecrets(file: string): Promise<Secrets> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = () => randomBytes(24).toString('base64url');
  const made: Secrets = { callbackKeys: `local:${secret()}`, forgeToken: secret(), webhookSecret: secret() };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}
