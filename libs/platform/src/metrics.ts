import { Router } from 'express';
import type { MetricLabels, Metrics } from '@loom/ports';

/** Upper bounds by unit, which a metric's name ends with. */
const BUCKETS: readonly (readonly [suffix: string, bounds: readonly number[]])[] = [
  ['_seconds', [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]],
  ['_bytes', [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 33_554_432]],
  ['', [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]],
];
/** More label sets than this mean that a label carries ids: further ones are counted as dropped, not kept. */
const MAX_SERIES = 1000;

interface Histogram {
  bounds: readonly number[];
  counts: number[];
  sum: number;
  count: number;
}

/** Metrics of this process, with their Prometheus text. */
export interface MetricsRegistry extends Metrics {
  text(): string;
}

/** Counters and histograms with fixed buckets, held in this process and read by scraping `/metrics`. */
export function createMetrics(): MetricsRegistry {
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Map<string, Histogram>>();
  let dropped = 0;

  function series<T>(
    family: Map<string, Map<string, T>>,
    name: string,
    labels: MetricLabels,
  ): [Map<string, T>, string] | undefined {
    const all = family.get(name) ?? new Map<string, T>();
    family.set(name, all);
    const key = labelText(labels);
    if (all.has(key) || all.size < MAX_SERIES) return [all, key];
    dropped += 1;
    return undefined;
  }

  return {
    count(name, labels = {}, by = 1) {
      const found = series(counters, name, labels);
      if (found !== undefined) found[0].set(found[1], (found[0].get(found[1]) ?? 0) + by);
    },
    observe(name, value, labels = {}) {
      const found = series(histograms, name, labels);
      if (found === undefined) return;
      const histogram = found[0].get(found[1]) ?? emptyHistogram(name);
      found[0].set(found[1], histogram);
      const bucket = histogram.bounds.findIndex((bound) => value <= bound);
      if (bucket >= 0) histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
      histogram.sum += value;
      histogram.count += 1;
    },
    text() {
      const lines = [...counters].flatMap(([name, all]) => [
        `# TYPE ${name} counter`,
        ...[...all].map(([labels, value]) => `${name}${braced(labels)} ${value}`),
      ]);
      lines.push('# TYPE loom_metrics_dropped_total counter', `loom_metrics_dropped_total ${dropped}`);
      for (const [name, all] of histograms) {
        lines.push(
          `# TYPE ${name} histogram`,
          ...[...all].flatMap(([labels, h]) => histogramLines(name, labels, h)),
        );
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

/** `GET /metrics` in Prometheus' text format. */
export function metricsRoute(metrics: MetricsRegistry): Router {
  return Router().get('/metrics', (_request, response) => {
    response.set('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(metrics.text());
  });
}

function emptyHistogram(name: string): Histogram {
  const bounds = BUCKETS.find(([suffix]) => name.endsWith(suffix))?.[1] ?? [];
  return { bounds, counts: bounds.map(() => 0), sum: 0, count: 0 };
}

function histogramLines(name: string, labels: string, { bounds, counts, sum, count }: Histogram): string[] {
  let below = 0;
  const buckets = bounds.map((bound, index) => {
    below += counts[index] ?? 0;
    return `${name}_bucket${braced(labels, `le="${bound}"`)} ${below}`;
  });
  return [
    ...buckets,
    `${name}_bucket${braced(labels, 'le="+Inf"')} ${count}`,
    `${name}_sum${braced(labels)} ${sum}`,
    `${name}_count${braced(labels)} ${count}`,
  ];
}

function labelText(labels: MetricLabels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([key, value]) => `${key}="${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`,
    )
    .join(',');
}

function braced(...labels: string[]): string {
  const text = labels.filter((label) => label !== '').join(',');
  return text === '' ? '' : `{${text}}`;
}
