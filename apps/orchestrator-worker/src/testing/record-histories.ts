// `npm run record-histories`: plays every scenario that has no history yet on a real Temporal and keeps what happened.
// A history that is there is never recorded again: it stands for the runs that were started with that code.
import { access, mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { bundleWorkflows } from '../workflow-bundle';
import { HISTORY_SCENARIOS } from './history-scenarios';
import { createRunHarness, type RunHarness } from './run-harness';

const DIRECTORY = fileURLToPath(new URL('../../histories/', import.meta.url));

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Without what tells where it was recorded: folders, and the identities of processes. */
function anonymous(json: string): string {
  return json
    .replaceAll(`${process.cwd()}/`, '')
    .replace(/("identity": ")[^"]*"/g, '$1worker"')
    .replace(/("name": ")\d+@[^"]*"/g, '$1worker"');
}

/** The executions of a chain, the first one first. */
async function chain(h: RunHarness, handle: WorkflowHandle): Promise<string[]> {
  const ids: string[] = [];
  for (
    let id: string | undefined = (await handle.describe()).raw.workflowExecutionInfo?.firstRunId ?? undefined;
    id;
  ) {
    ids.push(id);
    const history = await h.client.workflow.getHandle(handle.workflowId, id).fetchHistory();
    id =
      history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
  return ids;
}

await mkdir(DIRECTORY, { recursive: true });
const bundle = await bundleWorkflows();
for (const [name, scenario] of Object.entries(HISTORY_SCENARIOS)) {
  if (await exists(`${DIRECTORY}${name}.history.json`)) continue;
  const h = await createRunHarness(bundle, scenario.settings);
  try {
    const handle = await scenario.play(h);
    for (const [i, id] of (await chain(h, handle)).entries()) {
      const history = await h.client.workflow.getHandle(handle.workflowId, id).fetchHistory();
      const file = `${name}${i === 0 ? '' : `.${i + 1}`}.history.json`;
      await writeFile(`${DIRECTORY}${file}`, `${anonymous(historyToJSON(history))}\n`);
      console.log(`recorded ${file} (${history.events?.length ?? 0} events)`);
    }
  } finally {
    await h.close();
  }
}
