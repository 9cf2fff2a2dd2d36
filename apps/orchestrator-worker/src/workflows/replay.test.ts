import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { TRACE_HEADER } from '@loom/domain';
import { MemoryTracing } from '@loom/ports/memory';
import { HISTORY_SCENARIOS } from '../testing/history-scenarios';
import { traceSinks } from '../traced-activities';
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

interface Start {
  workflowExecutionStartedEventAttributes: Record<string, unknown>;
}

/** The same run, had it been started within a trace. */
function traced({ workflowId, history }: Recorded): Recorded {
  const [start, ...rest] = (history as { events: [Start, ...unknown[]] }).events;
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const payload = {
    metadata: { encoding: base64('json/plain') },
    data: base64(JSON.stringify({ traceparent })),
  };
  const header = { fields: { [TRACE_HEADER]: payload } };
  const attributes = { ...start.workflowExecutionStartedEventAttributes, header };
  return {
    workflowId,
    history: { events: [{ ...start, workflowExecutionStartedEventAttributes: attributes }, ...rest] },
  };
}

/** The histories that this workflow code cannot replay. */
async function broken(code: string, histories: Recorded[], tracing = new MemoryTracing()): Promise<string[]> {
  const failures: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(
    { workflowBundle: { code }, sinks: traceSinks(tracing) },
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

  it('makes the same commands in a trace', async () => {
    const tracing = new MemoryTracing();
    expect(await broken(code, (await recorded()).map(traced), tracing)).toEqual([]);
    // What is replayed was recorded when it happened.
    expect(tracing.spans).toEqual([]);
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
