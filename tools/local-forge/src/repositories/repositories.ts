import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, timestamp } from '../clock';
import { createKeyedMutex } from '../concurrency';
import { type ForgeError, invalid, notFound } from '../errors';
import type { Git } from '../git/git';
import { createJsonFile, type JsonFile } from '../json-file';
import { isOwner, isRepositoryName } from '../git/names';
import { type RepositoryState, repositoryStateSchema } from './repository-state';

/** A bare repository on disk and its state. */
export type Repository = {
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly directory: string;
  readonly state: JsonFile<RepositoryState>;
};

export type NewRepository = {
  readonly owner: string;
  readonly name: string;
  readonly description?: string | null | undefined;
  /** Whether it starts with a commit that holds a README. */
  readonly autoInit?: boolean | undefined;
  readonly defaultBranch?: string | undefined;
};

export type Repositories = {
  /** @throws validation for a name that is not allowed or already taken. */
  create(input: NewRepository): Promise<Repository>;
  /** @throws not-found */
  find(owner: string, name: string): Promise<Repository>;
  /** Ordered by full name. */
  list(owner?: string): Promise<readonly Repository[]>;
  /** The branch HEAD names; it may have no commit yet. */
  defaultBranch(repository: Repository): Promise<string>;
  /** Runs work that reads and then changes refs or pull requests of one repository, one at a time. */
  exclusive<T>(repository: Repository, work: () => Promise<T>): Promise<T>;
};

const suffix = '.git';

const initialState = (clock: Clock, description: string | null): RepositoryState => ({
  id: randomInt(1, 2 ** 31),
  description,
  createdAt: timestamp(clock),
  nextNumber: 1,
  nextComment: 1,
  pulls: [],
  comments: [],
});

const directoriesIn = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
};

const writeReadme = async (
  git: Git,
  directory: string,
  input: NewRepository,
  branch: string,
): Promise<void> => {
  const text = `# ${input.name}\n${input.description ? `\n${input.description}\n` : ''}`;
  const blob = await git.text(directory, ['hash-object', '-w', '--stdin'], { input: text });
  const tree = await git.text(directory, ['mktree'], { input: `100644 blob ${blob}\tREADME.md\n` });
  const commit = await git.text(directory, ['commit-tree', tree, '-m', 'Initial commit']);
  await git.run(directory, ['update-ref', `refs/heads/${branch}`, commit]);
};

/** The repositories under `dir`: git data in `repos/{owner}/{name}.git`, state in `state/{owner}/{name}.json`. */
export const createRepositories = (deps: { dir: string; git: Git; clock: Clock }): Repositories => {
  const root = join(deps.dir, 'repos');
  const known = new Map<string, Repository>();
  const mutex = createKeyedMutex();

  const open = (owner: string, name: string, description: string | null = null): Repository => {
    const fullName = `${owner}/${name}`;
    const existing = known.get(fullName);
    if (existing) return existing;
    const repository: Repository = {
      owner,
      name,
      fullName,
      directory: join(root, owner, name + suffix),
      state: createJsonFile({
        path: join(deps.dir, 'state', owner, `${name}.json`),
        schema: repositoryStateSchema,
        initial: () => initialState(deps.clock, description),
      }),
    };
    known.set(fullName, repository);
    return repository;
  };

  const taken = (): ForgeError =>
    invalid({
      resource: 'Repository',
      field: 'name',
      code: 'custom',
      message: 'name already exists on this account',
    });

  const make = async (input: NewRepository): Promise<Repository> => {
    const target = join(root, input.owner, input.name + suffix);
    if (await stat(target).catch(() => undefined)) throw taken();
    // Made aside and moved into place, so that a crash never leaves half a repository under its name.
    const staging = join(deps.dir, 'staging', randomUUID());
    await mkdir(staging, { recursive: true });
    try {
      const branch = input.defaultBranch ?? 'main';
      await deps.git.run(staging, ['init', '--quiet', '--bare', '--template=', `--initial-branch=${branch}`]);
      if (input.autoInit) await writeReadme(deps.git, staging, input, branch);
      await mkdir(join(root, input.owner), { recursive: true });
      await rename(staging, target);
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw error;
    }
    const repository = open(input.owner, input.name, input.description ?? null);
    await repository.state.update(() => undefined);
    return repository;
  };

  const list = async (owner?: string): Promise<readonly Repository[]> => {
    const owners =
      owner === undefined ? (await directoriesIn(root)).filter(isOwner) : [owner].filter(isOwner);
    const found: Repository[] = [];
    for (const login of owners.sort()) {
      const names = (await directoriesIn(join(root, login)))
        .filter((name) => name.endsWith(suffix))
        .map((name) => name.slice(0, -suffix.length))
        .filter(isRepositoryName);
      found.push(...names.sort().map((name) => open(login, name)));
    }
    return found;
  };

  return {
    create: async (input) => {
      if (!isOwner(input.owner)) throw notFound();
      if (!isRepositoryName(input.name)) {
        throw invalid({
          resource: 'Repository',
          field: 'name',
          code: 'invalid',
          message: 'name is not allowed',
        });
      }
      return mutex.run(`${input.owner}/${input.name}`, () => make(input));
    },
    find: async (owner, name) => {
      if (!isOwner(owner) || !isRepositoryName(name)) throw notFound();
      const existing = known.get(`${owner}/${name}`);
      if (existing) return existing;
      if (!(await stat(join(root, owner, name + suffix, 'HEAD')).catch(() => undefined))) throw notFound();
      return open(owner, name);
    },
    list,
    defaultBranch: async ({ directory }) =>
      /^ref: refs\/heads\/(.+)$/m.exec(await readFile(join(directory, 'HEAD'), 'utf8'))?.[1] ?? 'main',
    exclusive: (repository, work) => mutex.run(repository.fullName, work),
  };
};
