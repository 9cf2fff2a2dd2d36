import { join } from 'node:path';
import { expectedFiles, seedApplications, type RepositoryFile } from '@loom/seed';
import { git } from './git';

export interface Finding {
  app: string;
  /** What is wrong, in words; empty when the application holds exactly the expected change. */
  problems: string[];
}

/**
 * Compares every application's main branch with the first commit of its repositories: exactly the expected files
 * differ, and what a person wrote around the changed lines is still there. `repositories`: the forge's bare ones.
 */
export async function verifyWorld({
  repositories,
  apps,
}: {
  repositories: string;
  apps: number;
}): Promise<Finding[]> {
  const applications = seedApplications(apps);
  const gitops = 'acme/gitops';
  const changedInGitops = await changedFiles(repositories, gitops);
  const allowed = new Set(applications.flatMap((app) => expectedFiles(app).map(fileKey)));
  const strays = changedInGitops.filter((path) => !allowed.has(fileKey({ repo: gitops, path })));
  const findings: Finding[] =
    strays.length === 0
      ? []
      : [{ app: gitops, problems: strays.map((path) => `${path} changed, and no one asked for it`) }];
  for (const application of applications) {
    const expected = expectedFiles(application);
    const own = `acme/${application.id}`;
    const changed = new Set([
      ...changedInGitops.map((path) => fileKey({ repo: gitops, path })),
      ...(await changedFiles(repositories, own)).map((path) => fileKey({ repo: own, path })),
    ]);
    const wanted = new Set(expected.map(fileKey));
    const problems = [
      ...[...wanted].filter((key) => !changed.has(key)).map((key) => `${key} is unchanged`),
      ...[...changed]
        .filter((key) => key.startsWith(`${own}:`) && !wanted.has(key))
        .map((key) => `${key} changed, and no one asked for it`),
      ...(await Promise.all(expected.map((file) => lostText(repositories, file)))).flat(),
    ];
    findings.push({ app: application.id, problems });
  }
  return findings;
}

const fileKey = ({ repo, path }: RepositoryFile): string => `${repo}:${path}`;

async function firstCommit(directory: string): Promise<string> {
  const [commit = ''] = (await git(directory, ['rev-list', '--max-parents=0', 'main']))
    .trim()
    .split('\n')
    .slice(-1);
  return commit;
}

async function changedFiles(repositories: string, repo: string): Promise<string[]> {
  const directory = join(repositories, `${repo}.git`);
  const output = await git(directory, ['diff', '--name-only', await firstCommit(directory), 'main']);
  return output.split('\n').filter((line) => line !== '');
}

/** Lines that were to stay and are gone: all outside the part that is replaced, and every comment outside values. */
async function lostText(repositories: string, { repo, path }: RepositoryFile): Promise<string[]> {
  const directory = join(repositories, `${repo}.git`);
  const before = await git(directory, ['show', `${await firstCommit(directory)}:${path}`]).catch(
    () => undefined,
  );
  if (before === undefined) return []; // a new file
  const after = await git(directory, ['show', `main:${path}`]);
  const kept = linesToKeep(before);
  const left = after.split('\n');
  const lost: string[] = [];
  for (const line of kept) {
    const at = left.findIndex((one) => one.includes(line));
    if (at < 0) lost.push(`${fileKey({ repo, path })} lost "${line.trim()}"`);
    else left.splice(0, at + 1);
  }
  return lost;
}

/**
 * Of an Argo CD Application every line outside `spec.source` (that is what the migration replaces), and the comments
 * in it above `helm`; of any other file, every comment.
 */
export function linesToKeep(text: string): string[] {
  const lines = text.split('\n');
  const comments = (part: readonly string[]): string[] =>
    part.flatMap((line) => /(?:^|\s)(#.*)$/.exec(line)?.[1] ?? []);
  const start = lines.findIndex((line) => /^ {2}source:\s*$/.test(line));
  if (start < 0) return comments(lines);
  const length = lines.slice(start + 1).findIndex((line) => /^(?: {2}\S|\S)/.test(line));
  const end = length < 0 ? lines.length : start + 1 + length;
  const source = lines.slice(start, end);
  const helm = source.findIndex((line) => /^ {4}helm:\s*$/.test(line));
  const filled = (part: readonly string[]): string[] => part.filter((line) => line.trim() !== '');
  return [
    ...filled(lines.slice(0, start)),
    ...comments(helm < 0 ? source : source.slice(0, helm)),
    ...filled(lines.slice(end)),
  ];
}
