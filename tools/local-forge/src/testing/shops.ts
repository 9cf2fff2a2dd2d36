import { join } from 'node:path';
import type { Octokit } from 'octokit';
import { client, clone, type RunningForge, startForge, temporaryDirectory } from './harness';

const owner = 'acme';

/** A repository with a README, and a clone of it. */
export type Shop = {
  readonly owner: string;
  readonly repo: string;
  readonly work: string;
  readonly bare: string;
};

/** A forge for the tests of one file, in which each test makes repositories of its own. */
export const useShops = () => {
  let data: Awaited<ReturnType<typeof temporaryDirectory>>;
  let forge: RunningForge;
  let octokit: Octokit;
  let count = 0;

  beforeAll(async () => {
    data = await temporaryDirectory();
    forge = await startForge(join(data.path, 'data'));
    octokit = client(forge.url);
  });
  afterAll(async () => {
    await forge.stop();
    expect(forge.warnings).toEqual([]);
    await data.remove();
  });

  return {
    get forge() {
      return forge;
    },
    get octokit() {
      return octokit;
    },
    newRepository: async (): Promise<Shop> => {
      count += 1;
      const repo = `shop-${count}`;
      await octokit.rest.repos.createInOrg({ org: owner, name: repo, auto_init: true });
      const work = await clone(`${forge.url}/${owner}/${repo}.git`, join(data.path, repo));
      return { owner, repo, work, bare: join(data.path, 'data', 'repos', owner, `${repo}.git`) };
    },
    open: async ({ repo }: Shop, head: string) => {
      const title = `Change ${head}`;
      return (await octokit.rest.pulls.create({ owner, repo, head, base: 'main', title, body: 'why' })).data;
    },
    fileOnMain: async ({ repo }: Shop, path: string): Promise<string> => {
      const { data: file } = await octokit.rest.repos.getContent({ owner, repo, path });
      if (Array.isArray(file) || file.type !== 'file') throw new Error('not a file');
      return Buffer.from(file.content, 'base64').toString('utf8');
    },
  };
};
