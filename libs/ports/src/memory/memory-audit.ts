import { present, runId, SYSTEM, type AuditAction, type AuditContext, type AuditEntry } from '@loom/domain';

/** An entry with its place in the order of its migration: ms and number. */
interface Kept {
  position: string;
  entry: AuditEntry;
}

/** What a change tells of itself. */
export interface AuditTold {
  candidateId?: string;
  runAttempt?: number;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** The audit entries of all migrations, oldest first. */
export class MemoryAudit {
  readonly kept: Kept[] = [];
  private last = 0;
  private number = 0;

  constructor(private readonly now: () => number) {}

  /** `migrationId` is absent for what holds for all. */
  add(
    migrationId: string | undefined,
    action: AuditAction,
    told: AuditTold,
    by: AuditContext = SYSTEM,
  ): void {
    const ms = Math.max(this.now(), this.last);
    this.number = ms === this.last ? this.number + 1 : 0;
    this.last = ms;
    const position = `${ms}-${this.number}`;
    const { candidateId, runAttempt, before, after } = told;
    const { actor, reason, requestId, from } = by;
    const run = candidateId === undefined ? undefined : runId(migrationId ?? '', candidateId);
    const entry: AuditEntry = {
      id: `${migrationId ?? ''}/${position}`,
      at: new Date(ms).toISOString(),
      actor: { id: actor.id, role: actor.role },
      action,
      ...present({
        migrationId,
        candidateId,
        runId: run,
        runAttempt,
        before,
        after,
        reason,
        requestId,
        from,
      }),
    };
    this.kept.push({ position, entry: structuredClone(entry) });
  }
}
