import { randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  createProcessGroup,
  freePort,
  startService,
  testRedisAddr,
  testTemporalAddr,
  waitUntil,
  type ProcessGroup,
} from '@loom/dev-stack';

interface Package {
  dependencies: Record<string, string>;
}
interface Lock {
  packages: Record<string, { version?: string; resolved?: string }>;
}

let group: ProcessGroup;
beforeEach(() => {
  group = createProcessGroup();
});
afterEach(() => group.stopAll());

/**
 * What the build made of `app`, alone in another place. In place of an installation, which would need a registry, it
 * has the packages that its package.json names, and no other.
 */
async function deployed(app: string): Promise<string> {
  const directory = group.temporaryDirectory(`deployed-${app}-`);
  await cp(resolve('dist/apps', app), directory, { recursive: true });
  for (const name of Object.keys((await read<Package>(directory, 'package.json')).dependencies)) {
    const link = join(directory, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(resolve('node_modules', name), link);
  }
  return directory;
}

async function read<T>(directory: string, file: string): Promise<T> {
  return JSON.parse(await readFile(join(directory, file), 'utf8')) as T;
}

/** Runs the copy there, with nothing but its variables, until `readyPath` answers. */
async function runs(directory: string, readyPath: string, env: Record<string, string> = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  await startService(group, {
    name: 'deployed',
    command: process.execPath,
    args: ['main.js'],
    cwd: directory,
    output: 'quiet',
    readyUrl: url + readyPath,
    onLine: (line) => lines.push(line),
    env: { REDIS_ADDR: testRedisAddr(), TEMPORAL_HOSTPORT: testTemporalAddr(), PORT: String(port), ...env },
  });
  return { url, lines };
}

it.each(['api', 'orchestrator-worker', 'sample-migrator'])(
  '%s comes with a lock of what its package.json names, free of any registry',
  async (app) => {
    const directory = resolve('dist/apps', app);
    const { dependencies } = await read<Package>(directory, 'package.json');
    const { packages } = await read<Lock>(directory, 'package-lock.json');
    expect(Object.keys(dependencies).length).toBeGreaterThan(0);
    for (const [name, version] of Object.entries(dependencies))
      expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  },
);

it('the api runs where it was copied to, scripts included', async () => {
  const { url } = await runs(await deployed('api'), '/readyz');
  const answer = await fetch(`${url}/registry/announce`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      id: `deployed-${randomUUID().slice(0, 8)}`,
      name: 'Deployed',
      description: '',
      migratorApp: 'deployed',
      migratorUrl: 'http://127.0.0.1:9',
      steps: [],
      candidates: [{ id: 'a' }],
    }),
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, { counts: { not_started: 1 } }]);
});

it('the worker runs where it was copied to, workflows included', async () => {
  const directory = await deployed('orchestrator-worker');
  const { lines } = await runs(directory, '/readyz', { LOOM_TASK_QUEUE: `deployed-${randomUUID()}` });
  const hasWorker = () => Promise.resolve(lines.some((line) => line.includes('the worker runs')));
  await waitUntil('the worker runs', hasWorker, { timeoutMs: 30_000 });
});

it('the sample migrator runs where it was copied to', async () => {
  const work = group.temporaryDirectory('deployed-work-');
  const { url } = await runs(await deployed('sample-migrator'), '/healthz', {
    MIGRATOR_WORK_DIR: work,
    MIGRATOR_REDIS_PREFIX: `deployed-${randomUUID()}:{migrator}:`,
  });
  expect((await fetch(`${url}/health`)).status).toBe(200);
});
