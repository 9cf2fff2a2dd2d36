import { DependencyUnavailableError, plannedSteps, type RunManifest, type RunProgress } from '@loom/domain';
import type { ExecutionCatalog, ExecutionLook, ExecutionStatus, ListedExecution } from '../execution-catalog';
import type { ExecutionDescription, ExecutionEngine, RunMessage, StartOutcome } from '../execution-engine';

interface Execution extends ExecutionDescription {
  manifest: RunManifest;
  cancelRequested: boolean;
  status: ExecutionStatus;
  progress: Partial<RunProgress>;
}

/** An engine that opens and closes executions but runs nothing: tests play the workflow. */
export class MemoryExecutionEngine implements ExecutionEngine, ExecutionCatalog {
  readonly messages: { runId: string; message: RunMessage }[] = [];
  readonly cancels: { runId: string; runAttempt: number; executionId?: string }[] = [];
  private readonly newest = new Map<string, Execution>();
  private readonly closing = new Set<() => void>();
  private outage: { certain: boolean } | undefined;
  private opened = 0;

  /** From now on every call fails; `certain`: it certainly had no effect. */
  fail(options: { certain: boolean }): void {
    this.outage = options;
  }

  recover(): void {
    this.outage = undefined;
  }

  /** Ends the open execution of a run id, as its workflow would by returning, or otherwise. */
  close(runId: string, status: Exclude<ExecutionStatus, 'open'> = 'completed'): void {
    const execution = this.newest.get(runId);
    if (execution !== undefined) Object.assign(execution, { open: false, status });
    for (const wake of [...this.closing]) wake();
  }

  /** What the workflow of a run id says of itself from now on. */
  report(runId: string, progress: Partial<RunProgress>): void {
    const execution = this.newest.get(runId);
    if (execution !== undefined) execution.progress = progress;
  }

  /** Everything of a run id is gone, as after the engine's retention. */
  forget(runId: string): void {
    this.newest.delete(runId);
  }

  /** The manifest that the newest execution was started with. */
  manifest(runId: string): RunManifest | undefined {
    return structuredClone(this.newest.get(runId)?.manifest);
  }

  async startedWith(runId: string): Promise<RunManifest | undefined> {
    await this.reach();
    return this.manifest(runId);
  }

  async list({
    only,
    limit,
    cursor = '',
  }: {
    only: 'open' | 'all';
    limit: number;
    cursor?: string;
  }): Promise<{ executions: ListedExecution[]; nextCursor?: string }> {
    await this.reach();
    const ids = [...this.newest].flatMap(([id, { open }]) => (only === 'all' || open ? [id] : [])).sort();
    const rest = ids.filter((id) => id > cursor);
    const shown = rest.slice(0, limit);
    const executions = shown.map((runId) => {
      const { runAttempt = 0, open: isOpen = false } = this.newest.get(runId) ?? {};
      return { runId, runAttempt, isOpen };
    });
    const last = shown.at(-1);
    return rest.length > limit && last !== undefined ? { executions, nextCursor: last } : { executions };
  }

  async openAmong(runIds: readonly string[]): Promise<ReadonlySet<string>> {
    await this.reach();
    return new Set(runIds.filter((id) => this.newest.get(id)?.open === true));
  }

  async look(runId: string, nonce?: string): Promise<ExecutionLook | undefined> {
    await this.reach();
    const execution = this.newest.get(runId);
    if (execution === undefined) return undefined;
    const { open, executionId, runAttempt, status, manifest } = execution;
    const isForeign = nonce !== undefined && nonce !== manifest.nonce;
    return { open, executionId, runAttempt, status, startedAt: manifest.reservedAt, isForeign };
  }

  async start(manifest: RunManifest): Promise<StartOutcome> {
    await this.reach();
    const { runId, runAttempt } = manifest;
    const execution = this.newest.get(runId);
    if (execution?.runAttempt === runAttempt && execution.manifest.nonce === manifest.nonce)
      return { outcome: 'already_started' };
    if (execution?.open === true) {
      const outcome = execution.runAttempt < runAttempt ? 'older_open' : 'other_open';
      return { outcome, runAttempt: execution.runAttempt };
    }
    this.opened += 1;
    this.newest.set(runId, {
      open: true,
      executionId: `execution-${this.opened}`,
      runAttempt,
      manifest: structuredClone(manifest),
      cancelRequested: false,
      status: 'open',
      progress: {},
    });
    return { outcome: 'started' };
  }

  async signal(runId: string, message: RunMessage): Promise<boolean> {
    await this.reach();
    if (this.newest.get(runId)?.open !== true) return false;
    this.messages.push(structuredClone({ runId, message }));
    return true;
  }

  async cancel(run: { runId: string; runAttempt: number; executionId?: string }): Promise<boolean> {
    await this.reach();
    this.cancels.push({ ...run });
    const execution = this.newest.get(run.runId);
    if (execution?.open !== true || execution.runAttempt !== run.runAttempt) return false;
    if (run.executionId !== undefined && run.executionId !== execution.executionId) return false;
    execution.cancelRequested = true;
    return true;
  }

  async awaitClosed(runId: string, runAttempt: number, timeoutMs: number): Promise<boolean> {
    await this.reach();
    const isOpen = () => {
      const execution = this.newest.get(runId);
      return execution?.open === true && execution.runAttempt <= runAttempt;
    };
    const until = Date.now() + timeoutMs;
    while (isOpen() && Date.now() < until) await this.nextClose(until - Date.now());
    return !isOpen();
  }

  async describe(runId: string): Promise<ExecutionDescription | undefined> {
    await this.reach();
    const execution = this.newest.get(runId);
    if (execution === undefined) return undefined;
    const { open, executionId, runAttempt } = execution;
    return { open, executionId, runAttempt };
  }

  async progress(runId: string): Promise<RunProgress | undefined> {
    await this.reach();
    const execution = this.newest.get(runId);
    if (execution === undefined) return undefined;
    const steps = plannedSteps(execution.manifest);
    const begun = { runAttempt: execution.runAttempt, seq: 0, phase: 'dispatching', currentStep: 0, steps };
    return structuredClone({ ...begun, ...execution.progress });
  }

  /** Run ids whose open execution was asked to cancel. */
  cancelling(): string[] {
    return [...this.newest]
      .filter(([, { open, cancelRequested }]) => open && cancelRequested)
      .map(([id]) => id);
  }

  private nextClose(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.closing.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.closing.add(done);
    });
  }

  private async reach(): Promise<void> {
    await Promise.resolve();
    if (this.outage === undefined) return;
    throw new DependencyUnavailableError('engine', 'the engine cannot be reached', this.outage.certain);
  }
}
