import type {
  CallbackSigner,
  CandidateStore,
  Clock,
  DryRunner,
  EventStream,
  ExecutionEngine,
  MigrationStore,
  RunReader,
  RunStore,
} from '@loom/ports';

/** Every port that a use case needs; each factory picks its own. */
export interface ServiceDeps {
  migrations: MigrationStore;
  candidates: CandidateStore;
  runs: RunStore;
  runReader: RunReader;
  events: EventStream;
  engine: ExecutionEngine;
  dryRunner: DryRunner;
  signer: CallbackSigner;
  clock: Clock;
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
