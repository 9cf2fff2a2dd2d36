import { patched, proxyActivities, sleep } from '@temporalio/workflow';
import type { Finding, ReconcileOrder, ReconcileReport } from '@loom/ports';
import type { Activities, Scan, Walks } from '../activities';

const activities = proxyActivities<Activities>({
  // The activities stop themselves after 15 s. A worker that dies with one holds up the schedule for this long.
  startToCloseTimeout: '25s',
  // The schedule comes again soon; a tick that keeps failing must not pile up behind itself.
  retry: { maximumAttempts: 3 },
});

/** Between the two looks at a workflow that seems to be gone: one that just began or ended is told from a lost one. */
const SECOND_LOOK = '5s';
/** By then Temporal's list shows an execution that began before; it is made behind their back. */
const LIST_LAG = '10s';
/** Looks of one tick that looks at everything; a fleet that is larger than that comes round with the next ticks. */
const MOST_LOOKS = 12;
/** Calls of one tick that rebuild lost runs: the other parts wait meanwhile. */
const MOST_REBUILDS = 5;
/** Findings that a report names; the log has all. */
const MOST_FINDINGS = 100;

/** One tick of the scheduled reconciliation. What fails in one part does not keep the others from their work. */
export async function ReconcileRuns(order: ReconcileOrder = {}): Promise<ReconcileReport> {
  const recovered = patched('recover-store') ? await recoverStore() : SOUND;
  const [cancels, restarted, stale, released] = await Promise.allSettled([
    settleCancels(),
    activities.restartReservations(),
    // A tick that began before there were these parts does without.
    patched('mark-stale') ? activities.markStale() : 0,
    patched('release-held-runs') ? activities.releaseHeldRuns() : 0,
  ]);
  const report = {
    restarted: valueOf(restarted),
    ...valueOf(cancels),
    stale: valueOf(stale),
    released: valueOf(released),
  };
  // A tick that began before there was this part, or the ones above, ends without it.
  if (!patched('compare-runs')) return report;
  const { findings, compared } = await compareRuns(
    order.whole === true || recovered.isLost || (await activities.storeWasRestarted()),
  );
  const { waiting } = recovered;
  return {
    ...report,
    compared,
    findings: [...recovered.findings, ...findings].slice(0, MOST_FINDINGS),
    ...(waiting === 0 ? {} : { waiting }),
  };
}

interface Recovered {
  isLost: boolean;
  findings: Finding[];
  waiting: number;
}

const SOUND: Recovered = { isLost: false, findings: [], waiting: 0 };

/** A lost store first gets back the numbers of all attempts, then the runs themselves, tick by tick. */
async function recoverStore(): Promise<Recovered> {
  const isLost = (await activities.checkStore()) === 'lost';
  if (isLost) {
    // Nothing begins meanwhile, so that after this the list has all that began before.
    await sleep(LIST_LAG);
    let scan: Scan = { runs: 0, isDone: false };
    while (!scan.isDone) scan = await activities.restoreAttempts(scan);
    await activities.finishRecovery(scan.runs);
  }
  return { isLost, ...(await rebuildRuns()) };
}

/** Goes on as long as it gets on: a run that nobody knows hears nothing. What is left comes with the next tick. */
async function rebuildRuns(): Promise<Omit<Recovered, 'isLost'>> {
  const findings: Finding[] = [];
  for (let calls = 1; ; calls += 1) {
    const rebuilt = await activities.rebuildRuns();
    findings.push(...rebuilt.findings.slice(0, MOST_FINDINGS - findings.length));
    const { waiting } = rebuilt;
    const gotOn = rebuilt.findings.some(({ did }) => did !== 'reported');
    if (waiting === 0 || !gotOn || calls >= MOST_REBUILDS || !patched('rebuild-on'))
      return { findings, waiting };
  }
}

async function settleCancels(): Promise<Pick<ReconcileReport, 'cancelsAsked' | 'cancelsSettled'>> {
  const { asked, gone } = await activities.askCancelsAgain();
  if (gone.length === 0) return { cancelsAsked: asked, cancelsSettled: 0 };
  await sleep(SECOND_LOOK);
  return { cancelsAsked: asked, cancelsSettled: await activities.settleGoneCancels(gone) };
}

/** Two looks with a pause between: what is under way comes to rest, and only what stays wrong is repaired. */
async function compareRuns(whole: boolean): Promise<{ findings: Finding[]; compared: number }> {
  const findings: Finding[] = [];
  let compared = 0;
  let from: Walks | undefined = whole ? {} : undefined;
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const look = from === undefined ? await activities.lookForDrift() : await activities.lookForDrift(from);
    compared += look.compared;
    if (look.suspects.length > 0) {
      await sleep(SECOND_LOOK);
      findings.push(...(await activities.repairDrift(look.suspects)));
    }
    from = look.left;
    if (from === undefined) break;
  }
  return { findings, compared };
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
