import type { ReconcileReport, Reconciler, Reconciliation } from '../reconciler';

/** A reconciler that does what a test says: each one goes on until it is ended. */
export class MemoryReconciler implements Reconciler {
  private readonly known: Reconciliation[] = [];

  /** Ends the one that goes on; the next one ends at once with the same. */
  report: ReconcileReport | undefined;

  async run(waitMs: number): Promise<Reconciliation> {
    const running = this.known.find(({ status }) => status === 'running');
    const one = running ?? { id: `reconciliation-${this.known.length + 1}`, status: 'running' };
    if (running === undefined) this.known.push(one);
    if (this.report !== undefined && waitMs > 0)
      Object.assign(one, { status: 'completed', report: this.report });
    return Promise.resolve(structuredClone(one));
  }

  async find(id?: string): Promise<Reconciliation | undefined> {
    const found = id === undefined ? this.known.at(-1) : this.known.find((one) => one.id === id);
    return Promise.resolve(structuredClone(found));
  }
}
