import { MigratorCallError } from '@loom/domain';
import type { DryRunner } from '@loom/ports';
import type { Dispatcher } from 'undici';
import { answerDetail } from './answer-detail';
import type { CallFailure } from './call-failure';
import { parseDryRun } from './dry-run-answer';
import { migratorEndpoint } from './migrator-url';
import { postJson } from './post-json';
import type { Answer } from './post-json';
import { dryRunBody } from './wire';

export interface DryRunnerDeps {
  /** Of `createEgressAgent`: it holds the rules of what may be called. */
  agent: Dispatcher;
  /** For the whole call. A dry run clones and computes, so it may take long. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;
/** As large as what the api itself accepts. */
const RESULT_BYTES = 32 * 1024 * 1024;
const ERROR_BYTES = 64 * 1024;

const CODES: Record<CallFailure['kind'], MigratorCallError['code']> = {
  not_allowed: 'migrator_url_not_allowed',
  unreachable: 'migrator_unreachable',
  aborted: 'migrator_unreachable',
  timeout: 'migrator_timeout',
};

/** Asks migrators for dry runs over HTTP. Whatever a migrator does ends in a result or a MigratorCallError. */
export function createDryRunner({ agent, timeoutMs = TIMEOUT_MS }: DryRunnerDeps): DryRunner {
  return {
    async dryRun(migratorUrl, request) {
      const endpoint = migratorEndpoint(migratorUrl, '/dry-run');
      if ('problem' in endpoint)
        throw new MigratorCallError(
          'migrator_url_not_allowed',
          `the URL of the migrator of ${request.migrationId} ${endpoint.problem}`,
        );
      const answer = await postJson(agent, endpoint, { body: dryRunBody(request), timeoutMs }, (status) =>
        status === 200 ? RESULT_BYTES : ERROR_BYTES,
      );
      if (answer.kind !== 'answer') throw new MigratorCallError(CODES[answer.kind], answer.reason);
      if (answer.status !== 200) throw statusError(answer.status, answerDetail(answer, endpoint.secrets));
      if (!answer.whole) throw cutOff(answer, timeoutMs);
      const result = parseDryRun(answer.text);
      if ('problem' in result)
        throw new MigratorCallError('migrator_error', `the migrator's answer is ${result.problem}`);
      return result;
    },
  };
}

function statusError(status: number, detail: string): MigratorCallError {
  const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : detail;
  return new MigratorCallError('migrator_error', `the migrator answered ${status}${redirect}`);
}

function cutOff({ text, late }: Answer, timeoutMs: number): MigratorCallError {
  if (late) return new MigratorCallError('migrator_timeout', `no whole answer within ${timeoutMs} ms`);
  const large = Buffer.byteLength(text) >= RESULT_BYTES;
  return new MigratorCallError(
    'migrator_error',
    large ? `the migrator's answer is larger than ${RESULT_BYTES} bytes` : "the migrator's answer broke off",
  );
}
