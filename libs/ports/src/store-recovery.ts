import type { AuditContext } from '@loom/domain';

/** What the store knows of itself. */
export interface StoreIdentity {
  /** Absent in a store that holds nothing yet, or has lost what it held. */
  id?: string;
  /** Since when the loss stands that was found; absent when there was none, or an admin has accepted it. */
  lostAt?: string;
}

/** The newest run attempt that the engine knows of a candidate. */
export interface KnownAttempt {
  candidateId: string;
  runAttempt: number;
  /** Somebody waits for it to go on, so that it comes before what has ended; a hint. */
  isOpen: boolean;
}

/**
 * How a store that has lost its data gets back what the engine can prove. Until a migration that was announced to it is
 * settled, no attempt of it begins; after a loss, none begins whose number the engine does not know, until an admin
 * says with which number to go on.
 */
export interface StoreRecovery {
  identity(): Promise<StoreIdentity>;
  /** Gives the store its id where it has none, and tells the one that stands. `lostAt`: it had lost what it held. */
  adopt(id: string, lostAt?: string): Promise<string>;
  /** Takes the id away, and asks for each migration anew: what the store holds is not what the engine remembers. */
  distrust(): Promise<void>;
  /** Lets attempts of the migration begin as far as their numbers are known, once the store has its id. */
  settle(migrationId: string): Promise<void>;
  /** All of them. */
  settleAll(): Promise<void>;
  /**
   * Raises attempt counters to these, also of candidates and migrations that are not known yet: a later submit takes
   * its counter over. Those that were raised wait until it is known how that attempt stands.
   */
  raiseAttempts(migrationId: string, attempts: readonly KnownAttempt[], by?: AuditContext): Promise<void>;
  /**
   * Candidates of announced migrations that wait so, at most `limit`, with how many there are in all: open attempts
   * first, those that were postponed last.
   */
  waiting(limit: number): Promise<{ runs: { migrationId: string; candidateId: string }[]; total: number }>;
  /** It could not be found out now how the attempt stands: the others come first. */
  postpone(migrationId: string, candidateId: string): Promise<void>;
  /** It is known how the attempt stands. */
  resolve(migrationId: string, candidateId: string): Promise<void>;
  /** True when the store may have lost this candidate's run: what it says of it proves nothing. */
  isUndetermined(migrationId: string, candidateId: string): Promise<boolean>;
  /**
   * Lets candidates whose attempts nobody knows begin with `firstAttempt`: of one migration, or of all there are, which
   * ends the loss for those announced later. Tells how many migrations it was.
   */
  accept(firstAttempt: number, migrationId?: string, by?: AuditContext): Promise<number>;
}

/** Where the engine keeps which store it belongs to; it outlives the store. */
export interface StoreMemory {
  remembered(): Promise<string | undefined>;
  /** Remembers `id` where nothing is remembered yet, and tells what is. */
  remember(id: string): Promise<string>;
}

/**
 * Tells whether the store still holds what was written to it; a store that nobody remembers is a new one, and gets its
 * id here. The store first: a crash between the two leaves an id that nobody remembers, which is no loss.
 */
export async function identifyStore(deps: {
  recovery: StoreRecovery;
  memory: StoreMemory;
  newId: () => string;
}): Promise<'sound' | 'lost'> {
  const { recovery, memory } = deps;
  // In this order: an id that is remembered was in the store before, so that who names it at the same time is no loss.
  const remembered = await memory.remembered();
  const { id } = await recovery.identity();
  if (id === undefined && remembered !== undefined) return 'lost';
  const own = id ?? (await recovery.adopt(deps.newId()));
  return (await memory.remember(own)) === own ? 'sound' : 'lost';
}
