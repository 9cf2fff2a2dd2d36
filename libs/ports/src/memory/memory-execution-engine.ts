import { DependencyUnavailableError, plannedSteps, type RunManifest, type RunProgress } from '@loom/domain';
import type { ExecutionDescription, ExecutionEngine, RunMessage, StartOutcome } from '../execution-engine';

interface Execution extends ExecutionDescription {
  manifest: RunManifest;
  cancelRequested: boolean;
}

/** An engine that opens and closes executions but runs nothing: tests play the workflow. */
export class MemoryExecutionEngine implements ExecutionEngine {
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

  /** Ends the open execution of a run id, as its workflow would by returning. */
  close(runId: string): void {
    const execution = this.newest.get(runId);
    if (execution !== undefined) execution.open = false;
    for (const wake of [...this.closing]) wake();
  }

  /** The manifest that the newest execution was started with. */
  manifest(runId: string): RunManifest | undefined {
    return structuredClone(this.newest.get(runId)?.manifest);
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
    return { runAttempt: execution.runAttempt, seq: 0, phase: 'dispatching', currentStep: 0, steps };
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
