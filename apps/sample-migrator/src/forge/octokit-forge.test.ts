import { memoryLogger } from '../testing/memory-migrator';
import { createOctokitForge } from './octokit-forge';
import { createQuota } from './quota';
import { createTokenLog } from './token-refusal';

const waits: number[] = [];
const retry = {
  attempts: 1,
  maxWaitMs: 0,
  now: () => Date.now(),
  wait: (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  },
};
const logs: { level: string; message: string; fields: unknown }[] = [];
const quota = createQuota();
const deps = { apiUrl: 'http://forge.example', retry, timeoutMs: 1_000, quota };
const tokenLog = createTokenLog(memoryLogger(logs), 'the forge', deps.apiUrl);
const forge = createOctokitForge({ ...deps, token: 't', tokenLog });

interface Scripted {
  status?: number;
  body: object;
  headers?: Record<string, string>;
}
/** What was asked, in order. */
const asked: string[] = [];

/** Answers one request after another. */
function answering(...answers: Scripted[]): void {
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const {
      status = 200,
      body,
      headers: more,
    } = answers.shift() ?? { status: 500, body: { message: 'asked too much' } };
    asked.push(`${init?.method ?? 'GET'} ${new URL(input).pathname}`);
    const headers = { 'content-type': 'application/json', ...more };
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
  });
}
beforeEach(() => {
  asked.length = 0;
  waits.length = 0;
});

/** As Gitea writes it: no `mergeable_state`. */
const pull = (more: object, base = 'b1') => ({
  body: {
    number: 7,
    html_url: 'http://forge.example/acme/one/pulls/7',
    state: 'open',
    merged: false,
    draft: false,
    mergeable: true,
    head: { ref: 'loom/x', label: 'loom/x', sha: 'h1' },
    base: { ref: 'main', sha: base },
    ...more,
  },
});
const unmergeable = { mergeable: false };
const conflicting = async () => (await forge.get('acme/one', 7)).conflicting;

describe('a forge that says `mergeable: false` while it is still computing', () => {
  test('is asked again in a moment, and believed when it says so again', async () => {
    answering(pull(unmergeable), pull({}));
    expect(await conflicting()).toBe(false);
    answering(pull(unmergeable), pull(unmergeable));
    expect(await conflicting()).toBe(true);
    expect(waits).toEqual([2_000, 2_000]);
  });

  test('is not believed when the base moved meanwhile: it computes anew', async () => {
    answering(pull(unmergeable), pull(unmergeable, 'b2'));
    expect(await conflicting()).toBe(false);
  });

  test('is not asked again about a draft, which it calls unmergeable too', async () => {
    answering(pull({ ...unmergeable, draft: true }));
    expect([await conflicting(), asked.length]).toEqual([false, 1]);
  });

  test('is no forge that has a word for it', async () => {
    answering(pull({ ...unmergeable, mergeable_state: 'dirty' }));
    expect([await conflicting(), asked.length]).toEqual([true, 1]);
    answering(pull({ mergeable: null, mergeable_state: 'unknown' }));
    expect(await conflicting()).toBe(false);
  });
});

describe('a branch that has a pull request already', () => {
  const request = { repo: 'acme/one', branch: 'loom/x', base: 'main', title: 't', body: 'b' };
  const taken = {
    status: 409,
    body: { message: 'pull request already exists for these targets [id: 31, issue_id: 7, head_repo_id: 1]' },
  };
  const list = 'GET /repos/acme/one/pulls';

  test('gets the one that Gitea names, without a search among thousands', async () => {
    answering(taken, pull({}));
    expect(await forge.open(request)).toMatchObject({ number: 7, state: 'open', branch: 'loom/x' });
    expect(asked).toEqual(['POST /repos/acme/one/pulls', 'GET /repos/acme/one/pulls/7']);
  });

  test('is searched for where the one named is of another branch, or none is named', async () => {
    const other = pull({ head: { ref: 'loom/other', sha: 'h2' } });
    answering(taken, other, { body: [other.body, pull({}).body] });
    expect((await forge.open(request)).number).toBe(7);
    answering({ status: 422, body: { message: 'Validation Failed' } }, { body: [pull({}).body] });
    expect((await forge.open(request)).number).toBe(7);
    expect(asked.filter((one) => one === list)).toHaveLength(2);
  });

  test('refused for another reason, it is said why', async () => {
    answering({ status: 422, body: { message: 'Validation Failed' } }, { body: [] });
    await expect(forge.open(request)).rejects.toThrow(
      'POST /repos/acme/one/pulls failed: 422 Validation Failed',
    );
  });
});

test('of a deleted branch, the name is found where Gitea keeps it', async () => {
  answering(pull({ state: 'closed', head: { ref: 'refs/pull/7/head', label: 'loom/x' } }));
  expect((await forge.get('acme/one', 7)).branch).toBe('loom/x');
});

describe('a token', () => {
  const unknown = { status: 401, body: { message: 'Bad credentials' } };
  beforeEach(() => (logs.length = 0));

  test('that the forge does not know is told as such, once until it is good again; it is not ready', async () => {
    const said = 'the forge refuses GITHUB_TOKEN: GET /repos/acme/one/pulls/7 failed: 401 Bad credentials';
    answering(unknown, unknown, pull({}), unknown);
    const refused = { message: said, tokenRefused: true };
    await expect(forge.get('acme/one', 7)).rejects.toMatchObject(refused);
    await expect(forge.get('acme/one', 7)).rejects.toMatchObject(refused);
    await forge.get('acme/one', 7);
    await expect(forge.ping()).rejects.toThrow('the forge refuses GITHUB_TOKEN: GET /user failed: 401');
    expect(logs.filter(({ level }) => level !== 'debug')).toMatchObject([
      { level: 'warn', message: 'the forge cannot be used', fields: { error: said } },
      { level: 'info', message: 'the forge can be used again' },
      { level: 'warn', message: 'the forge cannot be used' },
    ]);
  });

  test('that lacks a right is told as such, and may be good for everything else', async () => {
    const forbidden = { status: 403, body: { message: 'Resource not accessible' } };
    answering(forbidden, forbidden);
    await expect(forge.get('acme/one', 7)).rejects.toMatchObject({
      message: expect.stringMatching(/^the forge refuses GITHUB_TOKEN: .*403 Resource not acc/) as string,
      ...{ tokenRefused: false, transient: false },
    });
    await expect(forge.ping()).resolves.toBeUndefined();
    expect(logs).toEqual([]);
  });

  test('that asked too often is not refused: the same works later', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.now() / 1000 + 900) };
    answering({ status: 403, body: { message: 'API rate limit exceeded' }, headers });
    await expect(forge.get('acme/one', 7)).rejects.toMatchObject({
      message: 'GET /repos/acme/one/pulls/7 failed: 403 API rate limit exceeded',
      transient: true,
    });
  });

  test('that is missing is told to be missing', async () => {
    answering(unknown);
    const anonymous = createOctokitForge({ ...deps, token: undefined, tokenLog });
    await expect(anonymous.ping()).rejects.toThrow('wants a token, and GITHUB_TOKEN is not set: GET /user');
  });
});

test('open pull requests are read by pages, and what is said of the limit is noted', async () => {
  const headers = {
    link: '<http://forge.example/x?page=2>; rel="next", <http://forge.example/x>; rel="last"',
  };
  answering({ body: [pull({}).body], headers }, { body: [] });
  expect(await forge.openNumbers('acme/one', 1)).toEqual({ numbers: [7], last: false });
  expect(quota.scarceUntil(0)).toBeUndefined();
  const reset = { 'x-ratelimit-limit': '5000', 'x-ratelimit-reset': '900' };
  answering({ body: [], headers: { ...reset, 'x-ratelimit-remaining': '1000' } });
  expect(await forge.openNumbers('acme/one', 2)).toEqual({ numbers: [], last: true });
  expect(quota.scarceUntil(0)).toBeUndefined();
  answering({ status: 404, body: {}, headers: { ...reset, 'x-ratelimit-remaining': '999' } });
  await expect(forge.openNumbers('acme/none', 1)).rejects.toMatchObject({ notFound: true });
  expect([quota.scarceUntil(0), quota.scarceUntil(900_000)]).toEqual([900_000, undefined]);
});
