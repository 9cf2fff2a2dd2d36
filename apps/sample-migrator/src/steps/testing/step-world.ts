import { createMemoryGitRepositories } from '../../ports/memory/memory-git-repositories';
import { APP_FILES, billingApi, GITOPS, gitopsFiles, REGISTRY } from '../../testing/world';
import { createOverlayWorkspace, type OverlayWorkspace } from '../../workspace/overlay-workspace';
import type { StepContext } from '../step';
import { stepType } from '../step-types';

/** The repository of the application that the steps are run for. */
export const APP = 'acme/billing-api';

/** Steps run one upon another, over these files; the candidate is as discovery found it, perhaps in other ones. */
export function stepWorld(gitops = gitopsFiles(), app = APP_FILES, candidate = billingApi(gitops)) {
  const repositories = createMemoryGitRepositories();
  repositories.setMain(GITOPS, gitops);
  repositories.setMain(APP, app);
  const open = new Map<string, OverlayWorkspace>();
  const workspace = async (repo: string): Promise<OverlayWorkspace> => {
    const known = open.get(repo) ?? createOverlayWorkspace(await repositories.snapshot(repo));
    open.set(repo, known);
    return known;
  };
  const context: StepContext = {
    candidate,
    config: {},
    inputs: {},
    gitopsRepo: GITOPS,
    chartRegistry: REGISTRY,
    workspace,
  };
  const run = async (
    type: string,
    config: Record<string, string> = {},
    inputs: Record<string, string> = {},
  ) => {
    const step = stepType(type);
    if (step?.kind !== 'change') throw new Error(`${type} changes nothing`);
    return step.run({ ...context, config, inputs });
  };
  const read = async (repo: string, path: string) => (await workspace(repo)).read(path);
  const edited = async () =>
    (await Promise.all([...open.values()].map((each) => each.edits()))).flat().map(({ path }) => path);
  return { context, run, read, edited };
}
