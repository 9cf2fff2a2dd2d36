import type { Candidate, StepDefinition } from '@loom/domain';
import type { DryRunResult, FileDiff, StepDryRunResult } from '@loom/api-types';
import type { Snapshot } from '../ports';
import { MIGRATOR_APP } from '../steps/definitions';
import type { ChangeStep } from '../steps/step';
import { stepType } from '../steps/step-types';
import {
  applyEdits,
  createOverlayWorkspace,
  type FileEdit,
  type OverlayWorkspace,
} from '../workspace/overlay-workspace';
import { reasonOf, type PlanDeps } from './plan-step';

export interface DryRunRequest {
  candidate: Candidate;
  steps: StepDefinition[];
}

/** A repository during a dry run: what the steps so far would have made of it. */
interface Repository {
  snapshot: Snapshot;
  stacked: OverlayWorkspace;
}

/**
 * What the steps would change, one after another, each on top of the ones before. Nothing is written anywhere. Manual
 * steps, unknown types and steps of other migrators are skipped; a step that fails leaves the others their say.
 */
export async function dryRun(deps: PlanDeps, { candidate, steps }: DryRunRequest): Promise<DryRunResult> {
  const repositories = new Map<string, Promise<Repository>>();
  const open = (repo: string): Promise<Repository> => {
    const known = repositories.get(repo) ?? openRepository(deps, repo);
    repositories.set(repo, known);
    return known;
  };
  try {
    const results: StepDryRunResult[] = [];
    for (const step of steps) results.push(await simulate(deps, candidate, step, open));
    return { steps: results };
  } finally {
    for (const repository of await Promise.allSettled(repositories.values())) {
      if (repository.status === 'fulfilled') repository.value.snapshot.release();
    }
  }
}

async function openRepository(deps: PlanDeps, repo: string): Promise<Repository> {
  const snapshot = await deps.repositories.snapshot(repo);
  return { snapshot, stacked: createOverlayWorkspace(snapshot) };
}

async function simulate(
  deps: PlanDeps,
  candidate: Candidate,
  step: StepDefinition,
  open: (repo: string) => Promise<Repository>,
): Promise<StepDryRunResult> {
  const type = step.migratorApp === MIGRATOR_APP ? stepType(step.type) : undefined;
  if (type?.kind !== 'change') return { stepName: step.name, skipped: true };
  try {
    const files = await runOnce(deps, candidate, step, type.run, open);
    return { stepName: step.name, skipped: false, files };
  } catch (error) {
    return { stepName: step.name, skipped: false, error: reasonOf(error) };
  }
}

/** The step edits a layer of its own, which joins the stack only when the step succeeded. */
async function runOnce(
  { gitopsRepo, chartRegistry }: PlanDeps,
  candidate: Candidate,
  step: StepDefinition,
  run: ChangeStep,
  open: (repo: string) => Promise<Repository>,
): Promise<FileDiff[]> {
  const layers = new Map<string, OverlayWorkspace>();
  const workspace = async (repo: string): Promise<OverlayWorkspace> => {
    const layer = layers.get(repo) ?? createOverlayWorkspace((await open(repo)).stacked);
    layers.set(repo, layer);
    return layer;
  };
  // Loom merges the inputs into the candidate's metadata, where steps look for them too.
  const context = { candidate, config: step.config ?? {}, inputs: {}, gitopsRepo, chartRegistry, workspace };
  const { repo } = await run(context);
  const edits = await (await workspace(repo)).edits();
  await applyEdits((await open(repo)).stacked, edits);
  return edits.map((edit) => diffOf(repo, edit));
}

function diffOf(repo: string, { path, before, after }: FileEdit): FileDiff {
  const status = before === undefined ? 'new' : after === undefined ? 'deleted' : 'modified';
  return { path, repo, ...(before === undefined ? {} : { before }), after: after ?? '', status };
}
