import { firstThatFits, type Link } from './chain';
import { fromDocker } from './docker-link';
import { type Probes } from './probes';
import { type Obtained, type Program } from './program';
import { fromVariable } from './running-link';
import { fromCache, fromDownload, fromGo, fromPath } from './temporal-links';
import { TEMPORAL_CLI_VERSION } from './temporal-version';

const IMAGE = `temporalio/temporal:${TEMPORAL_CLI_VERSION.slice(1)}`;
const ADVICE =
  'Mend any one of these; the shortest is to install the Temporal CLI (temporal) and put it on PATH, or to start a server and set TEMPORAL_HOSTPORT.';

function programLinks(probes: Probes): Link<Program>[] {
  return [
    { name: 'TEMPORAL_CLI_PATH or PATH', attempt: () => fromPath(probes) },
    { name: 'cache', attempt: () => fromCache(probes) },
    { name: 'download', attempt: () => fromDownload(probes) },
    { name: 'Docker', attempt: () => fromDocker(probes, IMAGE) },
    { name: 'Go', attempt: () => fromGo(probes) },
  ];
}

/**
 * A Temporal server that answers at TEMPORAL_HOSTPORT, or what to start one with.
 * @throws DevStackError naming every way that was tried; or at once, when a variable names what is not there
 */
export async function obtainTemporal(probes: Probes): Promise<Obtained> {
  const { env, temporalAnswers, report } = probes;
  const running: Link<Obtained> = {
    name: 'TEMPORAL_HOSTPORT',
    attempt: () => fromVariable('TEMPORAL_HOSTPORT', env['TEMPORAL_HOSTPORT'], temporalAnswers),
  };
  return firstThatFits<Obtained>([running, ...programLinks(probes)], {
    what: 'Temporal',
    report,
    advice: ADVICE,
  });
}

/** The same chain for who must have a server of its own, such as a test run. */
export async function obtainTemporalProgram(probes: Probes): Promise<Program> {
  return firstThatFits(programLinks(probes), { what: 'Temporal', report: probes.report, advice: ADVICE });
}
