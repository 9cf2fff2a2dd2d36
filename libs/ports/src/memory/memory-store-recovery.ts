import type { AuditContext } from '@loom/domain';
import type { KnownAttempt, StoreIdentity, StoreMemory, StoreRecovery } from '../store-recovery';
import type { MemoryState } from './memory-state';

/** The id and the counters of stores in the memory of one process. */
export class MemoryStoreRecovery implements StoreRecovery {
  constructor(private readonly state: MemoryState) {}

  async identity(): Promise<StoreIdentity> {
    return Promise.resolve({ ...this.state.identity });
  }

  async adopt(id: string, lostAt?: string): Promise<string> {
    await Promise.resolve();
    const { identity } = this.state;
    if (identity.id !== undefined) return identity.id;
    identity.id = id;
    if (lostAt !== undefined) identity.lostAt = lostAt;
    return id;
  }

  async distrust(): Promise<void> {
    await Promise.resolve();
    delete this.state.identity.id;
    for (const migration of this.state.migrations.values()) migration.attempts ??= 'unsettled';
  }

  async settle(migrationId: string): Promise<void> {
    await Promise.resolve();
    const migration = this.state.migrations.get(migrationId);
    if (migration !== undefined) this.state.settle(migration);
  }

  async settleAll(): Promise<void> {
    await Promise.resolve();
    for (const migration of this.state.migrations.values()) this.state.settle(migration);
  }

  async raiseAttempts(
    migrationId: string,
    attempts: readonly KnownAttempt[],
    by?: AuditContext,
  ): Promise<void> {
    await Promise.resolve();
    let raised = 0;
    for (const { candidateId, runAttempt, isOpen } of attempts) {
      const stored = this.state.find(migrationId, candidateId)?.stored;
      const key = `${migrationId} ${candidateId}`;
      const removed = this.state.migrations.get(migrationId)?.removed.get(candidateId);
      const known =
        stored?.lastAttempt ?? Math.max(removed?.lastAttempt ?? 0, this.state.lastAttempts.get(key) ?? 0);
      if (known >= runAttempt) continue;
      if (stored === undefined) this.state.lastAttempts.set(key, runAttempt);
      else stored.lastAttempt = runAttempt;
      this.state.waiting.set(key, isOpen ? 0 : 1);
      raised += 1;
    }
    if (raised > 0) this.state.audit.add(migrationId, 'repair', { after: { attemptsRestored: raised } }, by);
  }

  async waiting(
    limit: number,
  ): Promise<{ runs: { migrationId: string; candidateId: string }[]; total: number }> {
    await Promise.resolve();
    const inTurn = [...this.state.waiting].sort(
      ([keyA, turnA], [keyB, turnB]) => turnA - turnB || (keyA < keyB ? -1 : 1),
    );
    const runs = inTurn.flatMap(([key]) => {
      const [migrationId = '', candidateId = ''] = key.split(' ');
      return this.state.migrations.has(migrationId) ? [{ migrationId, candidateId }] : [];
    });
    return { runs: runs.slice(0, limit), total: runs.length };
  }

  async postpone(migrationId: string, candidateId: string): Promise<void> {
    await Promise.resolve();
    const key = `${migrationId} ${candidateId}`;
    const turn = this.state.waiting.get(key);
    if (turn !== undefined) this.state.waiting.set(key, turn + 2);
  }

  async resolve(migrationId: string, candidateId: string): Promise<void> {
    await Promise.resolve();
    this.state.waiting.delete(`${migrationId} ${candidateId}`);
  }

  async isUndetermined(migrationId: string, candidateId: string): Promise<boolean> {
    await Promise.resolve();
    return this.state.identity.id === undefined || this.state.waiting.has(`${migrationId} ${candidateId}`);
  }

  async accept(firstAttempt: number, migrationId?: string, by?: AuditContext): Promise<number> {
    await Promise.resolve();
    const all = [...this.state.migrations.values()];
    const meant = all.filter(
      ({ attempts, definition }) =>
        attempts === 'unknown' && (migrationId === undefined || definition.id === migrationId),
    );
    for (const migration of meant) {
      migration.attempts = firstAttempt;
      this.state.audit.add(migration.definition.id, 'accept_attempts', { after: { firstAttempt } }, by);
    }
    if (migrationId === undefined) delete this.state.identity.lostAt;
    return meant.length;
  }
}

/** An engine's memory of its store. */
export class MemoryStoreMemory implements StoreMemory {
  constructor(private id?: string) {}

  async remembered(): Promise<string | undefined> {
    return Promise.resolve(this.id);
  }

  async remember(id: string): Promise<string> {
    this.id ??= id;
    return Promise.resolve(this.id);
  }
}
