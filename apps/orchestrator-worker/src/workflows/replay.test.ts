import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { HISTORY_SCENARIOS } from '../testing/history-scenarios';
import { bundleWorkflows } from '../workflow-bundle';

const DIRECTORY = join(__dirname, '../../histories');

describe('the workflow of today', () => {
  it('replays every history that was ever recorded', async () => {
    const files = (await readdir(DIRECTORY)).filter((file) => file.endsWith('.history.json'));
    const histories = await Promise.all(
      files.map(async (file) => ({
        workflowId: basename(file, '.history.json'),
        history: JSON.parse(await readFile(join(DIRECTORY, file), 'utf8')) as unknown,
      })),
    );
    const failures: string[] = [];
    const workflowBundle = await bundleWorkflows();
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      if (error !== undefined) failures.push(`${workflowId}: ${error.message}`);
    }
    expect(failures).toEqual([]);
    const recorded = new Set(files.map((file) => file.split('.')[0]));
    expect([...recorded].sort()).toEqual(Object.keys(HISTORY_SCENARIOS).sort());
  }, 60_000);
});
