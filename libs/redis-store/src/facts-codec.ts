import type { StepFact } from '@loom/domain';
import type { RunAddress } from '@loom/ports';
import { millis } from './records';

/**
 * Facts as lua/facts.lua reads them, a line each. JSON has neither tabs nor line ends outside of its escapes, so names
 * and texts of any kind stay whole.
 */
export function encodeFacts(run: RunAddress, facts: readonly StepFact[] = []): string {
  return facts.map((fact) => lineOf(run, fact)).join('\n');
}

function lineOf({ candidateId, runAttempt, migrationId }: RunAddress, fact: StepFact): string {
  const { seq, kind, stepName, attempt, startedAt, at, reason } = fact;
  const ms = Math.max(millis(at) - millis(startedAt), 0);
  const failure = { migrationId, candidateId, runAttempt, stepName, attempt, at, reason };
  const told = kind === 'failed' ? [JSON.stringify(failure)] : [];
  return [seq, kind.charAt(0), ms, Math.max(millis(at), 0), JSON.stringify(stepName), ...told].join('\t');
}
