export { type HostPort, parseAddress } from './address';
export { isAlive, processBirth } from './alive';
export { buildPrograms } from './build-programs';
export { DevStackError } from './errors';
export { freePort, freePorts } from './free-port';
export { type LineLog, createLineLog } from './line-log';
export { type Link, type LinkMode, startBlackHole, startLink } from './link';
export type { Exit, ManagedProcess, ProcessSpec } from './managed-process';
export { obtainRedis, obtainRedisProgram } from './obtain-redis';
export { obtainSchemathesis } from './obtain-schemathesis';
export { obtainTemporal, obtainTemporalProgram } from './obtain-temporal';
export { obtainToxiproxyProgram } from './obtain-toxiproxy';
export { onParentGone } from './parent-watch';
export { portIsFree, requireFreePort } from './port-check';
export { type Probes, createProbes } from './probes';
export { type ProcessGroup, type ProcessGroupOptions, createProcessGroup } from './process-group';
export { type Obtained, type Program, formatProgram, parseProgram } from './program';
export { type Step, type StepOutput, runSteps } from './progress';
export { type Provided, provideRedis, provideTemporal } from './provide';
export { redisAnswers, redisOnDisk } from './redis-client';
export { type RedisCluster, startRedisCluster } from './redis-cluster';
export { startRedis } from './redis-server';
export { createRunCommand } from './run-command';
export { type ProgramOptions, runProgram } from './run-program';
export type { Server } from './server';
export { type ServiceSpec, startService } from './service';
export { type Part, startStack } from './stack';
export { temporalAnswers } from './temporal-client';
export { startTemporal } from './temporal-server';
export { type TestGitea, testGiteaApi } from './test-gitea';
export {
  testRedisAddr,
  testRedisCluster,
  testRedisProgram,
  testTemporalAddr,
  testTemporalProgram,
} from './test-stack';
export { startToxiproxy } from './toxiproxy-server';
export { waitUntil, within } from './wait';
