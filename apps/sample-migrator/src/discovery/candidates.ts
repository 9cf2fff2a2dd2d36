import { isId, type Candidate, type FileGroup } from '@loom/domain';
import { isMarked } from '../steps/prune-mark';
import { stepDefinitions } from '../steps/definitions';
import { applicationValue, DEFAULT_CHART_VERSION, GENERIC_CHART, isRepo } from '../steps/subject';
import { parseSource } from '../yaml/locate';

export interface CandidateOptions {
  gitopsRepo: string;
  chartRegistry: string;
  /** In order of promotion; others come behind these, by name. */
  environments: readonly string[];
  /** Origin of the forge's pages. */
  webUrl: string;
}

/** What a scan found; each problem names a file that could not be used, and why. */
export interface Discovered {
  candidates: Candidate[];
  problems: string[];
}

/** `apps/{team}/{directory}/overlays/{env}/application.yaml`: one deployment of one application. */
const OVERLAY = /^(apps\/([^/]+)\/[^/]+)\/overlays\/([^/]+)\/application\.yaml$/;
const BASE = /^(apps\/[^/]+\/[^/]+)\/base\/application\.yaml$/;
const REPOSITORY = 'acme.example/repository';

/** True for the files of a GitOps repository that discovery reads. */
export function isOfInterest(path: string): boolean {
  return OVERLAY.test(path) || BASE.test(path);
}

interface Deployment {
  env: string;
  path: string;
  text: string;
  chart: string;
  version: string;
}

interface Application {
  id: string;
  team: string;
  directory: string;
  deployments: Deployment[];
}

/**
 * The applications of a GitOps repository that this migration still has something to do for, each with the steps of
 * the environments that it really has. An application halfway through (some environments swapped) is one too: its
 * steps find their change made and complete at once.
 */
export function candidatesFrom(files: ReadonlyMap<string, string>, options: CandidateOptions): Discovered {
  const problems: string[] = [];
  const applications = new Map<string, Application>();
  for (const [path, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    try {
      collect(applications, path, text);
    } catch (error) {
      problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const candidates: Candidate[] = [];
  for (const application of applications.values()) {
    const base = files.get(`${application.directory}/base/application.yaml`);
    try {
      if (hasWork(application, base)) candidates.push(candidate(application, base, options));
    } catch (error) {
      problems.push(`${application.directory}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { candidates, problems };
}

function collect(applications: Map<string, Application>, path: string, text: string): void {
  const [, directory, team, env] = OVERLAY.exec(path) ?? [];
  if (directory === undefined || team === undefined || env === undefined) return;
  const { root } = parseSource(text, 'Application');
  const id = root.getIn(['metadata', 'labels', 'app.kubernetes.io/instance']);
  if (typeof id !== 'string' || !isId(id))
    throw new Error('its label app.kubernetes.io/instance is not an id');
  const chart = root.getIn(['spec', 'source', 'chart']);
  if (chart !== GENERIC_CHART && chart !== id) return;
  const known = applications.get(id) ?? { id, team, directory, deployments: [] };
  if (known.directory !== directory) throw new Error(`${id} stands in ${known.directory} already`);
  const version = String(root.getIn(['spec', 'source', 'targetRevision']));
  known.deployments.push({ env, path, text, chart, version });
  applications.set(id, known);
}

function hasWork({ deployments }: Application, base: string | undefined): boolean {
  if (deployments.some(({ chart, text }) => chart === GENERIC_CHART || isMarked(text))) return true;
  return base !== undefined && applicationValue(base, ['spec', 'source', 'helm', 'values']) !== undefined;
}

function candidate(application: Application, base: string | undefined, options: CandidateOptions): Candidate {
  const { id, team, directory } = application;
  const deployments = inOrder(application.deployments, options.environments);
  const environments = deployments.map(({ env }) => env);
  // The furthest environment still on the generic chart says where the application stands.
  const current = deployments.findLast(({ chart }) => chart === GENERIC_CHART) ?? deployments.at(-1);
  return {
    id,
    kind: 'application',
    metadata: {
      repoName: repositoryOf(id, base, options.gitopsRepo),
      team,
      environments: environments.join(','),
      gitopsPath: directory,
      chartVersion: DEFAULT_CHART_VERSION,
    },
    state: { currentChart: current?.chart ?? '', currentVersion: current?.version ?? '' },
    files: fileGroups(application, deployments, base !== undefined, options),
    steps: stepDefinitions(environments, options.chartRegistry),
  };
}

function inOrder(deployments: readonly Deployment[], environments: readonly string[]): Deployment[] {
  const rank = ({ env }: Deployment): number => {
    const index = environments.indexOf(env);
    return index === -1 ? environments.length : index;
  };
  return [...deployments].sort((a, b) => rank(a) - rank(b) || (a.env < b.env ? -1 : 1));
}

/** The base Application names the repository; by convention it is called as the application is. */
function repositoryOf(id: string, base: string | undefined, gitopsRepo: string): string {
  const named =
    base === undefined ? undefined : applicationValue(base, ['metadata', 'annotations', REPOSITORY]);
  const repo = typeof named === 'string' ? named : `${gitopsRepo.split('/')[0] ?? ''}/${id}`;
  if (!isRepo(repo)) throw new Error(`its annotation ${REPOSITORY} is not "owner/name"`);
  return repo;
}

function fileGroups(
  { directory }: Application,
  deployments: readonly Deployment[],
  hasBase: boolean,
  { gitopsRepo, webUrl }: CandidateOptions,
): FileGroup[] {
  const group = (name: string, path: string): FileGroup => ({
    name,
    repo: gitopsRepo,
    // The default branch, in an address that GitHub and Gitea both know; with the branch's name only GitHub does.
    files: [{ path, url: `${webUrl}/${gitopsRepo}/blob/HEAD/${path}` }],
  });
  return [
    ...(hasBase ? [group('base', `${directory}/base/application.yaml`)] : []),
    ...deployments.map(({ env, path }) => group(env, path)),
  ];
}
