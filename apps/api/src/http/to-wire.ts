import type * as wire from '@loom/api-types';
import type {
  CancelledAttempt,
  Candidate,
  CandidateRow,
  Migration,
  Pause,
  RunRecord,
  StepDefinition,
  StepState,
} from '@loom/domain';
import { present } from '@loom/domain';
import { redactText } from '@loom/platform';
import type { AttentionPage, CandidatePage, Controls, Reconciliation } from '@loom/ports';
import type { MigrationView } from '../service/reads';

// Field by field: what else the store keeps (nonces, the last event, execution ids) stays on this side.

/** A URL's credentials are not shown. */
export function migrationToWire(migration: Migration): wire.Migration {
  const { overview, requiredInputs, limits, archived, paused, migratorUnreachable: away } = migration;
  return {
    id: migration.id,
    name: migration.name,
    description: migration.description,
    ...(overview === undefined ? {} : { overview }),
    migratorApp: migration.migratorApp,
    migratorUrl: redactText(migration.migratorUrl),
    steps: migration.steps.map(definitionToWire),
    ...(requiredInputs === undefined ? {} : { requiredInputs }),
    revision: migration.revision,
    createdAt: migration.createdAt,
    updatedAt: migration.updatedAt,
    lastAnnouncedAt: migration.lastAnnouncedAt,
    counts: migration.counts,
    ...(limits === undefined ? {} : { limits }),
    ...(away === undefined ? {} : { migratorUnreachable: { since: away.since, detail: away.detail } }),
    ...(archived === undefined ? {} : { archived: pauseToWire(archived) }),
    ...(paused === undefined ? {} : { paused: { ...pauseToWire(paused), scope: paused.scope } }),
  };
}

function pauseToWire({ at, by, reason }: Pause): wire.Pause {
  return { at, by, ...(reason === undefined ? {} : { reason }) };
}

export function controlsToWire({ paused, limits, running }: Controls): wire.Controls {
  return {
    ...(paused === undefined ? {} : { paused: pauseToWire(paused) }),
    ...(limits === undefined ? {} : { limits }),
    running,
  };
}

export function viewToWire({ migration, candidateRuns, cancelledAttempts }: MigrationView): wire.Migration {
  return {
    ...migrationToWire(migration),
    ...(candidateRuns === undefined
      ? {}
      : { candidateRuns: Object.fromEntries(candidateRuns.map((run) => [run.candidateId, shortRun(run)])) }),
    ...(cancelledAttempts === undefined ? {} : { cancelledAttempts: cancelledAttempts.map(cancelledToWire) }),
  };
}

function shortRun({ runId, status, attempt }: RunRecord): wire.CandidateRun {
  return { runId, status, attempt };
}

export function rowToWire({ candidate, status, updatedAt, run }: CandidateRow): wire.CandidateWithStatus {
  return {
    ...candidateToWire(candidate),
    status,
    updatedAt,
    ...(run === undefined ? {} : { run: runToWire(run) }),
    ...(run?.attention === undefined ? {} : { attention: run.attention }),
  };
}

function candidateToWire({ id, kind, metadata, state, files, steps }: Candidate): wire.Candidate {
  return present({ id, kind, metadata, state, files, steps: steps?.map(definitionToWire) });
}

function definitionToWire(step: StepDefinition): wire.StepDefinition {
  const { name, description, migratorApp, type, config, files, timeoutSeconds } = step;
  return present({ name, description, migratorApp, type, config, files, timeoutSeconds });
}

function runToWire(run: RunRecord): wire.Run {
  const { runId, attempt, startedAt, completedAt, cancel, heldSince, inputs } = run;
  const step = run.status === 'running' ? run.steps[run.currentStep] : undefined;
  return {
    runId,
    attempt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(cancel === undefined ? {} : { cancelRequestedAt: cancel.at }),
    ...(heldSince === undefined ? {} : { heldSince }),
    inputs,
    ...(step === undefined ? {} : { currentStep: currentStepToWire(step, run) }),
  };
}

function currentStepToWire(step: StepState, run: RunRecord): wire.CurrentStep {
  const since = step.updatedAt ?? step.startedAt ?? run.startedAt ?? run.updatedAt;
  return {
    name: step.stepName,
    status: step.status,
    attempt: step.attempt,
    since,
    lastHeardAt: run.lastSignAt ?? step.lastHeardAt ?? step.startedAt ?? since,
    ...(step.reason === undefined ? {} : { reason: step.reason }),
  };
}

export function stepToWire(step: StepState): wire.StepState {
  const { stepName, description, type, status, attempt, metadata, reason } = step;
  const { startedAt, updatedAt, completedAt, lastHeardAt } = step;
  const times = { startedAt, updatedAt, completedAt, lastHeardAt };
  return present({ stepName, description, type, status, attempt, ...times, metadata, reason });
}

/** Of a run that is running or completed. */
export function stepsToWire({ runId, attempt, status, steps, ...run }: RunRecord): wire.StepsResponse {
  const { currentStep, lastSignAt } = run;
  return {
    runId,
    attempt,
    status: status === 'completed' ? 'completed' : 'running',
    steps: steps.map((step, index) => {
      // A repeat of its last event is newer than what its own state tells.
      const isHeard = index === currentStep && step.lastHeardAt !== undefined && lastSignAt !== undefined;
      return stepToWire(isHeard ? { ...step, lastHeardAt: lastSignAt } : step);
    }),
  };
}

export function cancelledToWire(attempt: CancelledAttempt): wire.CancelledAttempt {
  const { runId, candidateId, cancelledAt, cancelledBy, reason, steps } = attempt;
  return {
    runId,
    candidateId,
    attempt: attempt.attempt,
    cancelledAt,
    cancelledBy,
    ...(reason === undefined ? {} : { reason }),
    steps: steps.map(stepToWire),
  };
}

export function candidatePageToWire(page: CandidatePage): wire.CandidateList {
  const { rows, nextCursor, total, totalRelation, counts, streamPosition } = page;
  return {
    candidates: rows.map(rowToWire),
    ...cursorToWire(nextCursor),
    total,
    totalRelation,
    counts,
    streamPosition,
  };
}

export function attentionToWire({ rows, nextCursor, counts }: AttentionPage): wire.AttentionList {
  return {
    items: rows.map(({ migrationId, row }) => ({ migrationId, candidate: rowToWire(row) })),
    ...cursorToWire(nextCursor),
    counts,
  };
}

/** Absent on the last page. */
export function cursorToWire(nextCursor: string | undefined): { nextCursor?: string } {
  return nextCursor === undefined ? {} : { nextCursor };
}

/** A report of a worker that is older than a field does not have it. */
export function reconciliationToWire({ id, status, report }: Reconciliation): wire.Reconciliation {
  if (report === undefined) return { id, status };
  const absent = { stale: 0, released: 0, compared: 0, waiting: 0, findings: [] };
  return { id, status, report: { ...absent, ...report } };
}
