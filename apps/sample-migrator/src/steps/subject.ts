import type { Candidate } from '@loom/domain';
import { parseSource, valueAt, YamlEditError, type YamlPath } from '../yaml/locate';
import { requireLoadable } from '../yaml/proven';
import { StepError, type StepContext } from './step';

/** The chart that all applications share, which this migration moves them off. */
export const GENERIC_CHART = 'generic-app';
/** Version of an application's first own chart, unless the operator chose another. */
export const DEFAULT_CHART_VERSION = '0.1.0';

/** What a base Application shares, and how it is removed: `spec` stays even when empty, as it belongs to others too. */
export const COMMON_VALUES = {
  path: ['spec', 'source', 'helm', 'values'],
  kind: 'Application',
  keep: 1,
} as const;

const REPO = /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/** True for `owner/name`. */
export function isRepo(value: string): boolean {
  return REPO.test(value) && !value.includes('..');
}

/** The application's own repository. @throws StepError when discovery left none */
export function appRepo(candidate: Candidate): string {
  const repo = candidate.metadata?.['repoName'] ?? '';
  if (!isRepo(repo)) throw new StepError(`the candidate's repoName is not "owner/name": "${repo}"`);
  return repo;
}

/** The environments that the application is deployed in, in order of promotion. */
export function environmentsOf(candidate: Candidate): string[] {
  return (candidate.metadata?.['environments'] ?? '').split(',').filter((env) => env !== '');
}

/** The environment that a step is configured for. @throws StepError */
export function environmentOf(context: StepContext): string {
  const env = context.config['env'] ?? '';
  if (!environmentsOf(context.candidate).includes(env)) {
    throw new StepError(`${context.candidate.id} is not deployed in environment "${env}"`);
  }
  return env;
}

/** Version of the own chart: the operator's input, else what discovery proposed. @throws StepError when it is none */
export function chartVersion(context: StepContext): string {
  const { inputs, candidate } = context;
  const version = inputs['chartVersion'] ?? candidate.metadata?.['chartVersion'] ?? DEFAULT_CHART_VERSION;
  if (!VERSION.test(version)) throw new StepError(`chartVersion "${version}" is not a version like 0.1.0`);
  return version;
}

/** The one file of a file group, as discovery found it. @throws StepError */
export function groupFile(candidate: Candidate, group: string): string {
  const path = candidate.files?.find((each) => each.name === group)?.files[0]?.path;
  if (path === undefined) throw new StepError(`discovery found no file of ${candidate.id} for "${group}"`);
  return path;
}

/** A file that the step cannot do without. @throws StepError when it is not there */
export async function readRequired(context: StepContext, repo: string, path: string): Promise<string> {
  const workspace = await context.workspace(repo);
  const text = await workspace.read(path);
  if (text === undefined) throw new StepError(`${path} is not on the default branch of ${repo}`);
  return text;
}

/** Writes a YAML file. @throws StepError, and writes nothing, when no program could load it */
export async function writeYaml(
  context: StepContext,
  repo: string,
  path: string,
  text: string,
): Promise<void> {
  try {
    requireLoadable(text);
  } catch (error) {
    if (!(error instanceof YamlEditError)) throw error;
    throw new StepError(`${path} would be ${error.message}`);
  }
  await (await context.workspace(repo)).write(path, text);
}

/** The value at `path` of an Argo CD Application. */
export function applicationValue(text: string, path: YamlPath): unknown {
  return valueAt(parseSource(text, 'Application'), path);
}

/** The text of `helm.values`. @throws StepError when it is no text */
export function inlineValues(text: string): string {
  const inline = applicationValue(text, ['spec', 'source', 'helm', 'values']) ?? '';
  if (typeof inline !== 'string') throw new StepError('helm.values is not a text');
  return inline;
}

/** Where an application's chart stands in its own repository. */
export function chartDirectory(candidate: Candidate): string {
  return `charts/${candidate.id}`;
}
