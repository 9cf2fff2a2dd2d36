import { firstThatFits, type Link } from './chain';
import { fromGiteaCache, fromGiteaPath, fromGiteaSource, fromGiteaVariables } from './gitea-links';
import { type GiteaProgram, type RunningGitea } from './gitea-program';
import { type Probes } from './probes';

const ADVICE =
  'Mend any one of these; the shortest is to install Gitea (gitea) and put it on PATH, or to start one and set GITEA_URL and GITEA_TOKEN.';

/**
 * A Gitea that answers at GITEA_URL, or what to start one with.
 * @throws DevStackError naming every way that was tried; or at once, when GITEA_URL is set and does not answer
 */
export async function obtainGitea(
  probes: Probes,
  answers: (gitea: RunningGitea) => Promise<boolean>,
): Promise<GiteaProgram | RunningGitea> {
  const links: Link<GiteaProgram | RunningGitea>[] = [
    { name: 'GITEA_URL', attempt: () => fromGiteaVariables(probes, answers) },
    { name: 'PATH', attempt: () => fromGiteaPath(probes) },
    { name: 'cache', attempt: () => fromGiteaCache(probes) },
    { name: 'Go', attempt: () => fromGiteaSource(probes) },
  ];
  return firstThatFits(links, { what: 'Gitea', report: probes.report, advice: ADVICE });
}
