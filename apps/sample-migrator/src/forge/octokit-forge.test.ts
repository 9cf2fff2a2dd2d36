import { createOctokitForge } from './octokit-forge';

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
const forge = createOctokitForge({ apiUrl: 'http://forge.example', token: 't', retry, timeoutMs: 1_000 });

interface Scripted {
  status?: number;
  body: object;
}
/** What was asked, in order. */
const asked: string[] = [];

/** Answers one request after another. */
function answering(...answers: Scripted[]): void {
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const { status = 200, body } = answers.shift() ?? { status: 500, body: { message: 'asked too much' } };
    asked.push(`${init?.method ?? 'GET'} ${new URL(input).pathname}`);
    const headers = { 'content-type': 'application/json' };
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
