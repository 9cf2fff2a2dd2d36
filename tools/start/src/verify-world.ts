import { expectedFiles, seedApplications, type RepositoryFile, type SeedApplication } from '@loom/seed';
import type { BareRepository } from './bare-repository';
import { lostText } from './kept-text';
import { changeProblems, type ExpectedChange } from './verify-change';

export interface Finding {
  app: string;
  /** What is wrong, in words; empty when the application holds exactly the expected change. */
  problems: string[];
}

export interface VerifyOptions extends ExpectedChange {
  /** Opens a repository of the forge, by owner/name. @throws when there is none */
  open: (name: string) => Promise<BareRepository>;
  apps: number;
}

const GITOPS = 'acme/gitops';

/**
 * Compares every application's main branch with the first commit of its repositories: exactly the expected files
 * differ, what a person wrote around the changed lines is still there, and what they say now is the expected change.
 * @throws when there is no application to compare: that would prove nothing
 */
export async function verifyWorld({ open, apps, ...expected }: VerifyOptions): Promise<Finding[]> {
  const applications = seedApplications(apps);
  if (applications.length === 0) throw new Error(`there is nothing to verify with ${apps} applications`);
  const gitops = await open(GITOPS);
  const changedInGitops = await gitops.changedPaths();
  const allowed = new Set(applications.flatMap((app) => expectedFiles(app).map(fileKey)));
  const strays = changedInGitops.filter((path) => !allowed.has(fileKey({ repo: GITOPS, path })));
  const findings: Finding[] =
    strays.length === 0 ? [] : [{ app: GITOPS, problems: strays.map((path) => unasked(GITOPS, path)) }];
  for (const application of applications) {
    const own = await open(`acme/${application.id}`);
    const problems = [
      ...(await fileProblems(application, own, changedInGitops)),
      ...(await textProblems(application, gitops, own)),
      ...(await changeProblems({ ...expected, application, gitops, own })),
    ];
    findings.push({ app: application.id, problems });
  }
  return findings;
}

const fileKey = ({ repo, path }: RepositoryFile): string => `${repo}:${path}`;
const unasked = (repo: string, path: string): string =>
  `${fileKey({ repo, path })} changed, and no one asked for it`;

/** Which files differ. */
async function fileProblems(
  application: SeedApplication,
  own: BareRepository,
  changedInGitops: readonly string[],
): Promise<string[]> {
  const wanted = new Set(expectedFiles(application).map(fileKey));
  const changedHere = await own.changedPaths();
  const changed = new Set([
    ...changedInGitops.map((path) => fileKey({ repo: GITOPS, path })),
    ...changedHere.map((path) => fileKey({ repo: own.name, path })),
  ]);
  return [
    ...[...wanted].filter((key) => !changed.has(key)).map((key) => `${key} is unchanged`),
    ...changedHere
      .filter((path) => !wanted.has(fileKey({ repo: own.name, path })))
      .map((path) => unasked(own.name, path)),
  ];
}

/** What people wrote, byte by byte; a file that is new has nothing to lose. */
async function textProblems(
  application: SeedApplication,
  gitops: BareRepository,
  own: BareRepository,
): Promise<string[]> {
  const problems = expectedFiles(application).map(async ({ repo, path }) => {
    const repository = repo === GITOPS ? gitops : own;
    const before = await repository.read('first', path);
    if (before === undefined) return [];
    const moved = await own.read('main', `charts/${application.id}/${valuesFileOf(path)}`);
    const lost = lostText(before, (await repository.read('main', path)) ?? '', moved);
    return lost.map((problem) => `${fileKey({ repo, path })}: ${problem}`);
  });
  return (await Promise.all(problems)).flat();
}

/** The values file that takes over what an Application says of values. */
function valuesFileOf(path: string): string {
  const env = /\/overlays\/([^/]+)\//.exec(path)?.[1];
  return env === undefined ? 'values.yaml' : `values-${env}.yaml`;
}
