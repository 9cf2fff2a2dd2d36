import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { HISTORY_SCENARIOS } from '../testing/history-scenarios';
import { bundleWorkflows } from '../workflow-bundle';

const DIRECTORY = join(__dirname, '../../histories');

interface Recorded {
  workflowId: string;
  history: unknown;
}

async function recorded(): Promise<Recorded[]> {
  const files = (await readdir(DIRECTORY)).filter((file) => file.endsWith('.history.json'));
  return await Promise.all(
    files.map(async (file) => ({
      workflowId: basename(file, '.history.json'),
      history: JSON.parse(await readFile(join(DIRECTORY, file), 'utf8')) as unknown,
    })),
  );
}

/** The histories that this workflow code cannot replay. */
async function broken(code: string, histories: Recorded[]): Promise<string[]> {
  const failures: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { code } },
    histories,
  )) {
    if (error !== undefined) failures.push(workflowId);
  }
  return failures;
}

describe('the workflow of today', () => {
  let code: string;

  beforeAll(async () => {
    ({ code } = await bundleWorkflows());
  }, 60_000);

  it('replays every history that was ever recorded', async () => {
    const histories = await recorded();
    expect(await broken(code, histories)).toEqual([]);
    const paths = new Set(histories.map(({ workflowId }) => workflowId.split('.')[0]));
    expect([...paths].sort()).toEqual(Object.keys(HISTORY_SCENARIOS).sort());
  }, 60_000);

  it('would not pass with a change that runs under way cannot follow', async () => {
    const changed = code.replaceAll('.beginRun(', '.beginOtherwise(');
    expect(changed).not.toBe(code);
    const histories = await recorded();
    const firsts = histories
      .filter(({ workflowId }) => !workflowId.includes('.'))
      .map(({ workflowId }) => workflowId);
    expect((await broken(changed, histories)).sort()).toEqual(expect.arrayContaining(firsts.sort()));
  }, 60_000);
});
