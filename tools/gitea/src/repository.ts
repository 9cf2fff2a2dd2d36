import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the default branch of a repository says: the paths changed since its first commit, and its branches. */
export async function changesOf(webUrl: string, token: string, repo: string) {
  const directory = await mkdtemp(join(tmpdir(), 'loom-gitea-look-'));
  const git = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await run('git', args, { cwd: directory, timeout: 30_000 });
    return stdout.split('\n').filter((line) => line !== '');
  };
  try {
    const remote = `${webUrl.replace('://', `://x:${token}@`)}/${repo}.git`;
    await git('clone', '--quiet', '--bare', remote, '.');
    const [first = ''] = await git('rev-list', '--max-parents=0', 'HEAD');
    const branches = await git('for-each-ref', '--format=%(refname:short)', 'refs/heads');
    return { paths: await git('diff', '--name-only', first, 'HEAD'), branches };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
