import { signOf } from '@loom/domain';
import type { RunLedger, RunProjection, WriteOutcome } from '@loom/ports';
import { authorArg } from './audit-codec';
import type { Mutator } from './deriver';
import { encodeFacts } from './facts-codec';
import { encodeView, millis } from './records';
import { textAt } from './script-runner';

/** What the workflow's activities write: one script a method. */
export function createRedisRunLedger({ mutator }: { mutator: Mutator }): RunLedger {
  async function writeView(name: string, projection: RunProjection): Promise<string> {
    const { migrationId, at } = projection;
    const args = [...projectionArgs(projection), encodeFacts(projection, projection.facts)];
    return textAt(await mutator.mutate(name, migrationId, at, args), 0);
  }

  return {
    async begin({ migrationId, candidateId, runAttempt, executionId, at }) {
      const outcome = await mutator.mutate('begin', migrationId, at, [candidateId, runAttempt, executionId]);
      return textAt(outcome, 0) as 'proceed' | 'cancelled' | 'not_reserved';
    },

    async project(projection) {
      return (await writeView('project', projection)) as WriteOutcome | 'cancelled' | 'paused';
    },

    async complete(projection) {
      const finished = { ...projection };
      delete finished.attention;
      return (await writeView('complete', finished)) as WriteOutcome | 'cancelled';
    },

    async settleCancel(settlement, by) {
      const { migrationId, candidateId, runAttempt, steps, facts, at, seq, fallback } = settlement;
      const reached = steps === undefined ? '' : JSON.stringify(steps);
      const told = encodeFacts(settlement, facts);
      const args = [candidateId, runAttempt, reached, fallback.by, fallback.reason, seq ?? '', told];
      const outcome = await mutator.mutate('settle-cancel', migrationId, at, args, authorArg(by));
      return textAt(outcome, 0) as WriteOutcome;
    },
  };
}

/** As lua/project.lua takes it. */
export function projectionArgs(projection: RunProjection): (string | number)[] {
  const { candidateId, runAttempt, seq, steps, currentStep, inputs, attention } = projection;
  const step = steps[currentStep];
  return [
    candidateId,
    runAttempt,
    seq,
    currentStep,
    attention?.kind ?? '',
    millis(attention?.since),
    encodeView({ inputs, steps, ...(attention === undefined ? {} : { attention }) }),
    step?.stepName ?? '',
    step?.status ?? '',
    step?.attempt ?? 0,
    projection.dispatches === true ? (projection.holds === true ? 2 : 1) : 0,
    millis(signOf(step)),
  ];
}
