import { fromApt } from './apt-link';
import { type Attempt, firstThatFits, type Link } from './chain';
import { fromDocker } from './docker-link';
import { type Probes } from './probes';
import { type Obtained, type Program } from './program';
import { findRedisServer } from './redis-version';
import { fromVariable } from './running-link';

const IMAGE = 'redis:7.4-alpine';
const ADVICE =
  'Mend any one of these; the shortest is to install redis-server (or valkey-server) and put it on PATH, or to start one and set REDIS_ADDR.';

async function fromPath(probes: Probes): Promise<Attempt<Program>> {
  const server = await findRedisServer(probes);
  return 'passed' in server
    ? server
    : { found: { kind: 'binary', path: server.path }, says: `${server.path} (on PATH, ${server.version})` };
}

function programLinks(probes: Probes): Link<Program>[] {
  return [
    { name: 'PATH', attempt: () => fromPath(probes) },
    { name: 'Docker', attempt: () => fromDocker(probes, IMAGE) },
    { name: 'apt-get', attempt: () => fromApt(probes) },
  ];
}

/**
 * A Redis that answers at REDIS_ADDR, or what to start one with.
 * @throws DevStackError naming every way that was tried; or at once, when REDIS_ADDR is set and does not answer
 */
export async function obtainRedis(probes: Probes): Promise<Obtained> {
  const { env, redisAnswers, report } = probes;
  const running: Link<Obtained> = {
    name: 'REDIS_ADDR',
    attempt: () => fromVariable('REDIS_ADDR', env['REDIS_ADDR'], redisAnswers),
  };
  return firstThatFits<Obtained>([running, ...programLinks(probes)], {
    what: 'Redis',
    report,
    advice: ADVICE,
  });
}

/** The same chain for who must have a server of its own, such as a test run. */
export async function obtainRedisProgram(probes: Probes): Promise<Program> {
  return firstThatFits(programLinks(probes), { what: 'Redis', report: probes.report, advice: ADVICE });
}
