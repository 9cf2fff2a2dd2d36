import { MigratorCallError, type Candidate, type StepDefinition } from '@loom/domain';
import type { DryRunner, StepDryRun } from '../dry-runner';

export interface DryRunCall {
  migratorUrl: string;
  migrationId: string;
  candidate: Candidate;
  steps: StepDefinition[];
}

/** Records what it was asked, and answers what it was told to, else that every step is skipped. */
export class MemoryDryRunner implements DryRunner {
  readonly calls: DryRunCall[] = [];
  private next: StepDryRun[] | MigratorCallError | undefined;

  /** The answer to every call from now on. */
  answer(answer: StepDryRun[] | MigratorCallError): void {
    this.next = answer;
  }

  async dryRun(
    migratorUrl: string,
    request: { migrationId: string; candidate: Candidate; steps: StepDefinition[] },
  ): Promise<StepDryRun[]> {
    await Promise.resolve();
    this.calls.push(structuredClone({ migratorUrl, ...request }));
    if (this.next instanceof MigratorCallError) throw this.next;
    return this.next ?? request.steps.map(({ name }) => ({ stepName: name, skipped: true }));
  }
}
