import { join } from 'node:path';
import { clone, git, pushBranch } from '../testing/harness';

/** A forge as its clients see it, and an account that may do everything below `owner`. */
export interface ForgeUnderTest {
  /** Base of the REST API. */
  readonly apiUrl: string;
  /** Base of clone addresses and pages. */
  readonly webUrl: string;
  readonly token: string;
  /** An organization without repositories. */
  readonly owner: string;
  /** A directory for clones. */
  readonly directory: string;
  /** Merges as a reviewer does, by a request that forges do not share; its status. */
  merge(repo: string, number: number): Promise<number>;
}

export interface Answer {
  readonly status: number;
  /** What the wire carries, to be compared by matchers. */
  readonly body: unknown;
}

export interface WirePull {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly merged?: boolean;
  readonly mergeable?: boolean | null;
  readonly merge_commit_sha?: string | null;
  readonly head: { readonly ref: string; readonly label: string };
}

/** A repository of a test, with a clone in which a person works. */
export interface TestRepository {
  readonly name: string;
  readonly fullName: string;
  push(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** Runs git in the clone. */
  git(...args: string[]): Promise<string>;
  /** Pushes a branch that adds a file, and opens a pull request for it. */
  open(branch: string, files?: Readonly<Record<string, string>>): Promise<WirePull>;
  pull(number: number): Promise<WirePull>;
  /** Waits until a pull request is as wanted: forges compute some of it in their own time. */
  pullThat(number: number, wanted: (pull: WirePull) => boolean): Promise<WirePull>;
}

const settleMs = 20_000;
const lookEveryMs = 100;
const requestMs = 15_000;

export const createClient = (forge: Pick<ForgeUnderTest, 'apiUrl'>, token: string | undefined) => ({
  async call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(forge.apiUrl + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(requestMs),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    };
  },
});

/** An address that git can push to without being asked for anything. */
export const remoteOf = ({ webUrl }: ForgeUnderTest, fullName: string, token: string): string =>
  `${webUrl.replace('://', `://x-access-token:${token}@`)}/${fullName}.git`;

export const settled = async <T>(look: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> => {
  const deadline = Date.now() + settleMs;
  for (;;) {
    const value = await look();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`not as wanted, at last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
};

/** Makes `owner/name` with one commit on main. */
export const createRepository = async (forge: ForgeUnderTest, name: string): Promise<TestRepository> => {
  const client = createClient(forge, forge.token);
  const fullName = `${forge.owner}/${name}`;
  const made = await client.call('POST', `/orgs/${forge.owner}/repos`, { name, default_branch: 'main' });
  if (made.status !== 201)
    throw new Error(`creating ${fullName}: ${made.status} ${JSON.stringify(made.body)}`);
  const work = await clone(remoteOf(forge, fullName, forge.token), join(forge.directory, name));
  await git(work, 'commit', '--quiet', '--allow-empty', '-m', 'Nothing yet');
  const push = (branch: string, files: Readonly<Record<string, string>>, from?: string): Promise<string> =>
    pushBranch(work, branch, files, from);
  await push('main', { 'README.md': '# one\n' }, 'HEAD');
  // Gitea answers the first push before it takes the repository for more than an empty one.
  const about = async () => (await client.call('GET', `/repos/${fullName}`)).body as { empty?: boolean };
  await settled(about, ({ empty }) => empty !== true);
  const pull = async (number: number): Promise<WirePull> =>
    (await client.call('GET', `/repos/${fullName}/pulls/${number}`)).body as WirePull;
  return {
    name,
    fullName,
    push,
    git: (...args) => git(work, ...args),
    open: async (branch, files = { [`${branch}.txt`]: 'new\n' }) => {
      await push(branch, files);
      const request = { head: branch, base: 'main', title: `Change of ${branch}`, body: 'why' };
      const answer = await client.call('POST', `/repos/${fullName}/pulls`, request);
      if (answer.status !== 201) throw new Error(`opening: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as WirePull;
    },
    pull,
    pullThat: (number, wanted) => settled(() => pull(number), wanted),
  };
};
