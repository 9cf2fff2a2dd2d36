import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { client, clone, pushBranch, temporaryDirectory } from './testing/harness';

jest.setTimeout(60_000);

let data: Awaited<ReturnType<typeof temporaryDirectory>>;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  data = await temporaryDirectory();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await data.remove();
});

const launch = (env: Record<string, string>) => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', FORGE_PORT: '0', FORGE_DIR: join(data.path, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exit = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, errors };
  });
  return { child, exit };
};

const address = async ({ child }: ReturnType<typeof launch>): Promise<string> => {
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /listening on (http:\S+),/.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error('ended before it listened');
};

it('says in one line which variable is wrong', async () => {
  const { code, errors } = await launch({ FORGE_PORT: 'x' }).exit;
  expect([code, errors]).toEqual([
    1,
    'local-forge: FORGE_PORT: expected a port number between 0 and 65535\n',
  ]);
});

it('says in one line that its port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, errors } = await launch({ FORGE_PORT: String(port) }).exit;
  server.close();
  expect(code).toBe(1);
  expect(errors).toBe(
    `local-forge: port ${port} of 127.0.0.1 is already in use: stop what uses it or set FORGE_PORT to a free port\n`,
  );
});

it('says in one line that git is missing', async () => {
  const { code, errors } = await launch({ PATH: '/nowhere' }).exit;
  expect([code, errors]).toEqual([1, 'local-forge: git was not found on PATH: install git 2.38 or newer\n']);
});

it('keeps everything over a kill, and ends by itself on SIGTERM', async () => {
  const first = launch({});
  const url = await address(first);
  const octokit = client(url);
  const at = { owner: 'acme', repo: 'shop' };
  await octokit.rest.repos.createInOrg({ org: at.owner, name: at.repo, auto_init: true });
  const work = await clone(`${url}/acme/shop.git`, join(data.path, 'work'));
  await pushBranch(work, 'a', { 'a.txt': 'a' });
  const { data: before } = await octokit.rest.pulls.create({ ...at, head: 'a', base: 'main', title: 'Kept' });
  first.child.kill('SIGKILL');
  await first.exit;

  const second = launch({});
  const again = client(await address(second));
  const { data: after } = await again.rest.pulls.get({ ...at, pull_number: 1 });
  expect(after).toMatchObject({
    id: before.id,
    title: 'Kept',
    state: 'open',
    head: { sha: before.head.sha },
    mergeable: true,
  });
  expect((await again.rest.pulls.merge({ ...at, pull_number: 1 })).data.merged).toBe(true);
  const asked = Date.now();
  second.child.kill('SIGTERM');
  expect(await second.exit).toEqual({ code: 0, errors: '' });
  expect(Date.now() - asked).toBeLessThan(15_000);
});
