/** One thing wrong with a request: where (a JSON pointer, or a parameter's name) and what. */
export interface FieldProblem {
  pointer: string;
  message: string;
}

/** The attempt that an operation met, told to the caller so that it needs no second look. */
export interface RunReference {
  runId: string;
  attempt?: number;
  startedAt?: string;
}

/** Base of every error that an operation answers with on purpose. `code` is one of the wire contract's closed list. */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

export class MigrationNotFoundError extends DomainError {
  readonly code = 'migration_not_found';
  constructor(readonly migrationId: string) {
    super(`there is no migration ${migrationId}`);
  }
}

export class CandidateNotFoundError extends DomainError {
  readonly code = 'candidate_not_found';
  constructor(
    readonly migrationId: string,
    readonly candidateId: string,
    /** What else may have been meant. */
    hint?: string,
  ) {
    super(`migration ${migrationId} has no candidate ${candidateId}${hint === undefined ? '' : `; ${hint}`}`);
  }
}

export class RunNotFoundError extends DomainError {
  readonly code = 'run_not_found';
  constructor(readonly runId: string) {
    super(`there is no run ${runId}`);
  }
}

export class ReconciliationNotFoundError extends DomainError {
  readonly code = 'not_found';
  constructor() {
    super('there is no such reconciliation, or Temporal no longer keeps it');
  }
}

/** The codes of every conflict that names a run. */
export type RunConflictCode =
  | 'candidate_already_running'
  | 'candidate_already_completed'
  | 'candidate_not_running'
  | 'candidate_not_queued'
  | 'candidate_not_completed'
  | 'candidate_already_queued'
  | 'run_cancelling'
  | 'step_not_failed'
  | 'event_not_expected'
  | 'attempt_unknown';

const CONFLICTS: Record<RunConflictCode, string> = {
  candidate_already_running: 'the candidate is already running',
  candidate_already_completed: 'the candidate is already completed',
  candidate_not_running: 'the candidate is not running',
  candidate_not_queued: 'the candidate is not queued',
  candidate_not_completed: 'the candidate is not completed, so there is nothing to reset',
  candidate_already_queued: 'the candidate is already queued',
  run_cancelling: 'an earlier attempt of this run is still being cancelled; try again in a few seconds',
  step_not_failed: 'this step attempt has not failed, so there is nothing to retry',
  event_not_expected: 'the run no longer waits for this event',
  attempt_unknown:
    'the store has lost the number of the last attempt of this run, and Temporal no longer knows it; an admin may ' +
    'start it with `attempt`, a number above all that were used, or accept one for the whole migration ' +
    '(POST /admin/recovery/accept)',
};

/** The candidate's state does not allow the operation; nothing was changed. */
export class RunConflictError extends DomainError {
  constructor(
    readonly code: RunConflictCode,
    readonly run: RunReference,
    detail?: string,
  ) {
    super(detail ?? CONFLICTS[code]);
  }
}

/** What operators have set for a migration, or for all, does not allow the operation; nothing was changed. */
export class MigrationConflictError extends DomainError {
  constructor(
    readonly code: 'migration_paused' | 'run_limit_reached' | 'migration_archived' | 'migration_in_use',
    message: string,
  ) {
    super(message);
  }
}

/** The request breaks the contract; nothing was changed. */
export class InvalidRequestError extends DomainError {
  readonly code = 'invalid_request';
  constructor(
    message: string,
    readonly problems: FieldProblem[],
  ) {
    super(message);
  }
}

/** The operator's inputs are unknown or incomplete; nothing was changed. */
export class InvalidInputsError extends DomainError {
  readonly code = 'invalid_inputs';
  constructor(readonly problems: FieldProblem[]) {
    super('the inputs do not fit this migration');
  }
}

/** A body or one of its parts is larger than the contract allows. */
export class PayloadTooLargeError extends DomainError {
  readonly code = 'payload_too_large';
  constructor(
    message: string,
    readonly problems: FieldProblem[] = [],
  ) {
    super(message);
  }
}

export class UnauthenticatedError extends DomainError {
  readonly code = 'unauthenticated';
}

export class ForbiddenError extends DomainError {
  readonly code = 'forbidden';
}

/** A migrator could not be used for a synchronous request; `code` says how. */
export class MigratorCallError extends DomainError {
  constructor(
    readonly code:
      'migrator_url_not_allowed' | 'migrator_unreachable' | 'migrator_error' | 'migrator_timeout',
    message: string,
  ) {
    super(message);
  }
}

/** Redis or Temporal cannot be used now. What was asked may or may not have happened, unless `certain` says it did not. */
export class DependencyUnavailableError extends DomainError {
  readonly code = 'dependency_unavailable';
  constructor(
    readonly dependency: 'store' | 'engine',
    message: string,
    /** True when the operation certainly had no effect. */
    readonly certain = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The store says that a run is under way, and the engine has no open execution of it. The operation had no effect. */
export class ExecutionMissingError extends DependencyUnavailableError {
  constructor(readonly runId: string) {
    super(
      'engine',
      'Temporal has no open execution of this run, which the store knows as running: it has not begun yet, or it was ' +
        "ended by Temporal's tools or its retention. Repeat in a minute; where it stays so, cancel the run, and start it again",
      true,
    );
  }
}

/** The store has lost its data, and it is not known yet how this run stands. The operation had no effect. */
export class StoreRecoveringError extends DependencyUnavailableError {
  constructor() {
    super(
      'store',
      'the store has lost its data; the reconciliation restores what Temporal knows of this run, and then it can be ' +
        'started: repeat in a minute (GET /admin/reconcile tells how far it is)',
      true,
    );
  }
}
