import { firstThatFits, type Link } from './chain';
import { type Probes } from './probes';
import { type Program } from './program';
import { toxiproxyFromCache, toxiproxyFromGo, toxiproxyFromPath } from './toxiproxy-links';

const ADVICE =
  'Mend any one of these; the shortest is to install toxiproxy (toxiproxy-server) and put it on PATH.';

/**
 * The TCP proxy by which tests break the links between Loom's parts.
 * @throws DevStackError naming every way that was tried
 */
export async function obtainToxiproxyProgram(probes: Probes): Promise<Program> {
  const links: Link<Program>[] = [
    { name: 'PATH', attempt: () => toxiproxyFromPath(probes) },
    { name: 'cache', attempt: () => toxiproxyFromCache(probes) },
    { name: 'Go', attempt: () => toxiproxyFromGo(probes) },
  ];
  return firstThatFits(links, { what: 'toxiproxy', report: probes.report, advice: ADVICE });
}
