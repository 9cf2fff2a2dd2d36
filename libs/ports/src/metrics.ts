/** Labels of a metric; few values each, never ids of candidates. */
export type MetricLabels = Record<string, string>;

/** Counters and distributions. Names are `loom_…`, units are in the name. */
export interface Metrics {
  count(name: string, labels?: MetricLabels, by?: number): void;
  observe(name: string, value: number, labels?: MetricLabels): void;
}
