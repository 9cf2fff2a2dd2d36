import type { SeedApplication } from './applications';
import { basePath, overlayPath } from './gitops-files';

/** A file of a repository. */
export interface RepositoryFile {
  repo: string;
  path: string;
}

/**
 * The files that may be different once the application is migrated, and no others: a verifier compares everything
 * else byte for byte.
 */
export function expectedFiles(application: SeedApplication, owner = 'acme'): RepositoryFile[] {
  const { id, environments, style } = application;
  const gitops = `${owner}/gitops`;
  const own = `${owner}/${id}`;
  const inChart = ['Chart.yaml', 'values.yaml', ...environments.map((env) => `values-${env}.yaml`)];
  return [
    ...(style.sharedValues ? [{ repo: gitops, path: basePath(application) }] : []),
    ...environments.map((env) => ({ repo: gitops, path: overlayPath(application, env) })),
    ...inChart.map((name) => ({ repo: own, path: `charts/${id}/${name}` })),
    { repo: own, path: '.github/workflows/deploy.yaml' },
  ];
}
