// `npm run demo`: a whole campaign without a person, on a Loom of its own, and the proof of what it did.
import { createLoomClient } from '@loom/api-types';
import { createProbes, createRunCommand, runProgram, type ProcessGroup } from '@loom/dev-stack';
import { runCampaign } from './campaign';
import type { CampaignResult } from './campaign-types';
import { untilDiscovered, MIGRATION_ID } from './discovered';
import { createForgeClient } from './forge-client';
import { createFault } from './fault';
import { CHART_REGISTRY, startLocalLoom, type LocalLoom } from './local-loom';
import { createProgressDisplay, progressLine } from './progress-line';
import { plannedConflict } from './planned-conflict';
import { providePrograms } from './programs';
import { parseArguments, unusedPorts, type Arguments } from './settings';
import { claimDirectory } from './state-directory';
import { requireUsableEnvironment } from './usable-environment';

const CHART_VERSION = '1.0.0';
/** Far above what 500 applications take; a demo that hangs must end. */
const CAMPAIGN_LIMIT_MS = 30 * 60_000;
const VERIFY_LIMIT_MS = 5 * 60_000;
const display = createProgressDisplay(process.stdout);
const say = display.note;

async function main(group: ProcessGroup): Promise<number> {
  const args = parseArguments(process.argv.slice(2), 'demo');
  await requireUsableEnvironment(process.env, { redis: false, temporal: false });
  await claimDirectory(args.directory, { fresh: true });
  await providePrograms({ group, built: args.built, note: say });
  const probes = createProbes(group, say);
  const ports = await unusedPorts();
  const loom = await startLocalLoom({
    group,
    probes,
    directory: args.directory,
    ports,
    applications: args.applications,
    servers: 'own',
    output: 'quiet',
    note: say,
    progress: display,
  });
  const client = createLoomClient({ baseUrl: loom.apiUrl });
  await untilDiscovered(client, args.applications, display);
  say('starting every one');
  const started = Date.now();
  const result = await campaign(loom, client, args);
  say(summary(result, Math.round((Date.now() - started) / 1000)));
  if (result.conflicts === 0 || result.retried === 0) throw new Error('the planned conflict did not happen');
  return await verify(group, loom, args.applications);
}

async function campaign(
  loom: LocalLoom,
  client: ReturnType<typeof createLoomClient>,
  args: Arguments,
): Promise<CampaignResult> {
  const fault =
    args.kill === undefined ? undefined : createFault({ loom, name: args.kill, note: display.note });
  const limit = AbortSignal.timeout(CAMPAIGN_LIMIT_MS);
  try {
    const result = await runCampaign({
      loom: client,
      loomUrl: loom.apiUrl,
      migrationId: MIGRATION_ID,
      forge: createForgeClient({ apiUrl: loom.forgeUrl, token: loom.secrets.forgeToken }),
      inputs: () => ({ chartVersion: CHART_VERSION }),
      conflict: plannedConflict({
        forgeUrl: loom.forgeUrl,
        token: loom.secrets.forgeToken,
        apps: args.applications,
      }),
      onCounts: (counts, merged) => {
        display.show(progressLine(counts, merged));
        fault?.progress(counts);
      },
      onNote: display.note,
      signal: fault === undefined ? limit : AbortSignal.any([limit, fault.failed]),
    });
    await fault?.settled();
    return result;
  } catch (error) {
    // What the campaign met is a consequence, where the program that was killed did not come back.
    fault?.failed.throwIfAborted();
    throw error;
  } finally {
    display.end();
  }
}

async function verify(group: ProcessGroup, loom: LocalLoom, applications: number): Promise<number> {
  const run = createRunCommand(group);
  const expected = [String(applications), CHART_VERSION, CHART_REGISTRY];
  const args = ['--import', 'tsx', 'tools/start/src/verify.ts', loom.repositories, ...expected];
  const { code, output } = await run(process.execPath, args, { timeoutMs: VERIFY_LIMIT_MS });
  say(output);
  return code ?? 1;
}

function summary({ counts, merged, reviewed, conflicts, retried }: CampaignResult, seconds: number): string {
  const rows: [string, number | string][] = [
    ['applications completed', `${counts.completed} of ${counts.total}`],
    ['pull requests merged', merged],
    ['reviews confirmed', reviewed],
    ['conflicts met', conflicts],
    ['steps retried', retried],
    ['seconds', seconds],
  ];
  return ['', ...rows.map(([what, value]) => `  ${what.padEnd(24)} ${value}`), ''].join('\n');
}

await runProgram(main, {
  onUnexpectedExit: ({ name, code, signal, lines }) => {
    display.end();
    console.error([`${name} ended by itself (${signal ?? code ?? '?'})`, ...lines.slice(-10)].join('\n  '));
    process.kill(process.pid, 'SIGTERM');
  },
});
