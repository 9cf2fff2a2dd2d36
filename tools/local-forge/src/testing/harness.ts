import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from 'octokit';
import { createForge } from '../app';
import type { ForgeConfig } from '../config';
import { listen } from '../server';

const execute = promisify(execFile);

/** A forge with a listener on a free port of loopback. */
export type RunningForge = {
  readonly url: string;
  readonly config: ForgeConfig;
  readonly warnings: readonly string[];
  recover(): Promise<void>;
  stop(): Promise<void>;
};

/** Makes a directory that `remove` takes away again. */
export const temporaryDirectory = async () => {
  const path = await mkdtemp(join(tmpdir(), 'local-forge-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

export const testConfig = (dir: string, overrides: Partial<ForgeConfig> = {}): ForgeConfig => ({
  port: 0,
  host: '127.0.0.1',
  dir,
  token: undefined,
  loopback: true,
  publicUrl: undefined,
  webhookTimeoutMs: 2_000,
  dropWebhooks: false,
  searchPath: process.env['PATH'] ?? '',
  ...overrides,
});

export const startForge = async (
  dir: string,
  overrides: Partial<ForgeConfig> = {},
): Promise<RunningForge> => {
  const config = testConfig(dir, overrides);
  const warnings: string[] = [];
  let address = '';
  const forge = createForge({ config, address: () => address, warn: (line) => warnings.push(line) });
  const listener = await listen(forge.app, 0, config.host);
  address = listener.address;
  return {
    url: address,
    config,
    warnings,
    recover: () => forge.recover(),
    stop: async () => {
      await listener.stop(1_000);
      await forge.close(3_000);
    },
  };
};

/** A client without the waiting between writes that api.github.com asks for. */
export const client = (baseUrl: string, token?: string): Octokit =>
  new Octokit({
    baseUrl,
    throttle: { enabled: false },
    retry: { enabled: false },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    ...(token !== undefined && { auth: token }),
  });

/** Runs a real git in a directory, under no settings but its own. */
export const git = async (directory: string, ...args: string[]): Promise<string> => {
  const { stdout } = await execute('git', args, {
    cwd: directory,
    timeout: 20_000,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
    },
  });
  return stdout.trim();
};

export const clone = async (url: string, directory: string): Promise<string> => {
  await mkdir(directory, { recursive: true });
  await git(directory, 'clone', '--quiet', url, '.');
  return directory;
};

/** Commits files onto a branch that starts at `from`, and pushes it. Returns the commit. */
export const pushBranch = async (
  work: string,
  branch: string,
  files: Readonly<Record<string, string>>,
  from = 'origin/main',
): Promise<string> => {
  await git(work, 'fetch', '--quiet', 'origin');
  await git(work, 'checkout', '--quiet', '-B', branch, from);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), text);
  }
  await git(work, 'add', '.');
  await git(work, 'commit', '--quiet', '-m', `Change of ${branch}`);
  await git(work, 'push', '--quiet', '--force', 'origin', `${branch}:${branch}`);
  return git(work, 'rev-parse', 'HEAD');
};

export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };

/** A receiver of webhooks on a free port; `next` awaits one that has not been taken yet. */
export const startReceiver = async (answer: () => number = () => 204) => {
  const received: Received[] = [];
  const waiting: ((value: Received) => void)[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const one = { headers: req.headers, body: Buffer.concat(chunks).toString('utf8') };
      const taker = waiting.shift();
      if (taker) taker(one);
      else received.push(one);
      res.writeHead(answer()).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** Arrived and not taken. */
    pending: received,
    next: (): Promise<Received> => {
      const one = received.shift();
      return one ? Promise.resolve(one) : new Promise((resolve) => waiting.push(resolve));
    },
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** The status and the message of a refusal; fails when the request was granted. */
export const refusalOf = async (
  request: Promise<unknown>,
): Promise<{ status: number; body: RefusalBody }> => {
  try {
    await request;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data: RefusalBody } };
    return { status, body: response?.data ?? { message: String(error) } };
  }
  throw new Error('the request was granted');
};

export type RefusalBody = { readonly message: string; readonly errors?: readonly Record<string, string>[] };

/** Sends a path as it is: fetch would tidy it up. */
export const raw = (
  base: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const req = request({ hostname, port, path, headers, method }, (res) => {
      let body = '';
      res.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body }));
    });
    req.on('error', reject);
    req.end();
  });
