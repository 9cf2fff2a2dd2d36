import type { FileEdit } from '../workspace/overlay-workspace';
import { createOverlayWorkspace, type OverlayWorkspace } from '../workspace/overlay-workspace';
import { GitError, type GitRepositories, type Snapshot, type Work } from '../ports';
import { StepError, type ChangeStep, type StepChange } from '../steps/step';

/** A step's change with its edits, before anything is written anywhere. */
export interface PlannedChange extends StepChange {
  edits: FileEdit[];
}

export interface PlanDeps {
  repositories: GitRepositories;
  gitopsRepo: string;
  chartRegistry: string;
}

/** Runs `step` over the default branches as they are now, and hands its change to `use`, which may still read them. */
export async function withPlan<T>(
  deps: PlanDeps,
  work: Pick<Work, 'candidate' | 'config' | 'inputs'>,
  step: ChangeStep,
  use: (change: PlannedChange, snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const opened = new Map<string, Promise<{ snapshot: Snapshot; overlay: OverlayWorkspace }>>();
  const open = (repo: string) => {
    const known = opened.get(repo) ?? openRepository(deps.repositories, repo);
    opened.set(repo, known);
    return known;
  };
  try {
    const change = await step({
      candidate: work.candidate,
      config: work.config,
      inputs: work.inputs,
      gitopsRepo: deps.gitopsRepo,
      chartRegistry: deps.chartRegistry,
      workspace: async (repo) => (await open(repo)).overlay,
    });
    const { snapshot, overlay } = await open(change.repo);
    return await use({ ...change, edits: await overlay.edits() }, snapshot);
  } finally {
    for (const repository of await Promise.allSettled(opened.values())) {
      if (repository.status === 'fulfilled') repository.value.snapshot.release();
    }
  }
}

async function openRepository(repositories: GitRepositories, repo: string) {
  const snapshot = await repositories.snapshot(repo);
  return { snapshot, overlay: createOverlayWorkspace(snapshot) };
}

/** What an operator is told of an error; one that nobody foresaw is said to be ours. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `internal error of the migrator: ${String(error)}`;
  const told = error instanceof StepError || error instanceof GitError;
  return told || ['ForgeError', 'YamlEditError'].includes(error.name)
    ? error.message
    : `internal error of the migrator: ${error.message}`;
}
