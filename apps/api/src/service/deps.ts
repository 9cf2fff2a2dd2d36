import type {
  CallbackSigner,
  Clock,
  DryRunner,
  ExecutionEngine,
  Logger,
  Reconciler,
  StoreMemory,
  Stores,
} from '@loom/ports';

/** Every port that a use case needs; each factory picks its own. */
export interface ServiceDeps extends Pick<
  Stores,
  | 'migrations'
  | 'reach'
  | 'candidates'
  | 'runs'
  | 'reader'
  | 'events'
  | 'controls'
  | 'held'
  | 'audit'
  | 'statistics'
  | 'recovery'
  | 'attention'
> {
  engine: ExecutionEngine;
  dryRunner: DryRunner;
  signer: CallbackSigner;
  clock: Clock;
  logger: Logger;
  /** Whether a caller whom nobody knows may report by a bare run id: only where no other machine can call. */
  anonymousMayReport: boolean;
  memory: StoreMemory;
  reconciler: Reconciler;
  /** An id for a store that is new. */
  newId: () => string;
  /** A fresh, unguessable nonce of a run attempt. */
  newNonce: () => string;
  /** Why the deployment would never send to this URL, as far as its text shows; undefined when nothing is wrong. */
  migratorUrlProblem: (url: string) => string | undefined;
}

/** Names one candidate. */
export interface CandidateAddress {
  migrationId: string;
  candidateId: string;
}
