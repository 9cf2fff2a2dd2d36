import { dirname, join } from 'node:path';
import { type Probes } from './probes';

/** A release with an API that its documentation describes; a newer one is a change of this line. */
export const GITEA_VERSION = 'v1.26.0';

/** A Gitea that can be started. */
export interface GiteaProgram {
  path: string;
  /** Where its templates and locales are; undefined where they are inside the binary. */
  staticRoot: string | undefined;
}

/** Who runs Gitea and answers at `url`, with a token of somebody who may create organizations. */
export interface RunningGitea {
  url: string;
  token: string;
}

const ASK_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 3_000;

/** Where the binary of this version lies once it was built, with what it reads beside it. */
export function cachedGitea({ cacheDirectory, platform, arch }: Probes): GiteaProgram {
  const directory = join(cacheDirectory, `gitea-${GITEA_VERSION}-${platform}-${arch}`);
  return { path: join(directory, 'gitea'), staticRoot: directory };
}

/** `1.26.0`, or undefined where there is no Gitea that runs. Release builds print more behind it. */
export async function giteaVersion(probes: Probes, path: string): Promise<string | undefined> {
  if (!(await probes.isExecutable(path))) return undefined;
  // Without a directory of its own it would look for one beside the binary.
  const { code, output } = await probes.run(path, ['--version'], {
    timeoutMs: ASK_LIMIT_MS,
    cwd: dirname(path),
  });
  return code === 0 ? /gitea version (\S+)/i.exec(output)?.[1] : undefined;
}

/** Whether a Gitea answers there and takes the token. */
export async function giteaAnswers({ url, token }: RunningGitea): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/v1/user`, {
      headers: { authorization: `token ${token}` },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
