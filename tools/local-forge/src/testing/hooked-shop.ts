import { join } from 'node:path';
import type { Octokit } from 'octokit';
import {
  client,
  clone,
  pushBranch,
  type RunningForge,
  startForge,
  startReceiver,
  temporaryDirectory,
} from './harness';

export const at = { owner: 'acme', repo: 'shop' };
export const secret = 'a shared secret';

/** For each test a forge with one repository, and somebody who receives webhooks. */
export const useHookedShop = () => {
  let data: Awaited<ReturnType<typeof temporaryDirectory>>;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let status = 204;
  let forge: RunningForge;
  let octokit: Octokit;
  let work: string;

  const start = async (overrides: Parameters<typeof startForge>[1] = {}): Promise<void> => {
    forge = await startForge(join(data.path, 'data'), overrides);
    octokit = client(forge.url);
  };

  beforeEach(async () => {
    status = 204;
    data = await temporaryDirectory();
    receiver = await startReceiver(() => status);
    await start();
    await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
    work = await clone(`${forge.url}/acme/shop.git`, join(data.path, 'work'));
  });
  afterEach(async () => {
    await forge.stop();
    await receiver.stop();
    await data.remove();
    expect(forge.warnings).toEqual([]);
  });

  return {
    get forge() {
      return forge;
    },
    get receiver() {
      return receiver;
    },
    get octokit() {
      return octokit;
    },
    get work() {
      return work;
    },
    /** What the receiver answers from now on. */
    answer: (next: number): void => {
      status = next;
    },
    /** Stops the forge and starts it again on the same data, with settings of its own. */
    restart: async (overrides: Parameters<typeof startForge>[1] = {}): Promise<void> => {
      await forge.stop();
      await start(overrides);
    },
    addHook: async () => {
      const config = { url: receiver.url, content_type: 'json', secret };
      return (await octokit.rest.repos.createWebhook({ ...at, config, events: ['pull_request'] })).data;
    },
    open: async (branch: string): Promise<string> => {
      const sha = await pushBranch(work, branch, { [`${branch}.txt`]: branch });
      await octokit.rest.pulls.create({ ...at, head: branch, base: 'main', title: `Change ${branch}` });
      return sha;
    },
  };
};
