import type { MetricLabels, Metrics } from '../metrics';

/** Measures nothing. */
export class NoopMetrics implements Metrics {
  count(): void {
    // Nothing is kept on purpose.
  }

  observe(): void {
    // Nothing is kept on purpose.
  }
}

/** Keeps what was measured. */
export class MemoryMetrics implements Metrics {
  readonly counts: { name: string; labels: MetricLabels; by: number }[] = [];
  readonly observations: { name: string; labels: MetricLabels; value: number }[] = [];

  count(name: string, labels: MetricLabels = {}, by = 1): void {
    this.counts.push({ name, labels, by });
  }

  observe(name: string, value: number, labels: MetricLabels = {}): void {
    this.observations.push({ name, labels, value });
  }

  /** Sum of the counts of `name` whose labels include `labels`. */
  total(name: string, labels: MetricLabels = {}): number {
    return this.counts
      .filter((entry) => entry.name === name)
      .filter((entry) => Object.entries(labels).every(([key, value]) => entry.labels[key] === value))
      .reduce((sum, { by }) => sum + by, 0);
  }
}
