import express from 'express';
import request from 'supertest';
import { createMetrics, metricsRoute } from './metrics';

describe('metrics', () => {
  it('counts by labels, in whatever order they are given', () => {
    const metrics = createMetrics();
    metrics.count('loom_calls_total', { route: '/a', status: '200' });
    metrics.count('loom_calls_total', { status: '200', route: '/a' }, 2);
    metrics.count('loom_calls_total', { route: 'quote " slash \\ break \n', status: '500' });
    metrics.count('loom_starts_total');
    const lines = metrics.text().split('\n');
    expect(lines).toContain('# TYPE loom_calls_total counter');
    expect(lines).toContain('loom_calls_total{route="/a",status="200"} 3');
    expect(lines).toContain('loom_calls_total{route="quote \\" slash \\\\ break \\n",status="500"} 1');
    expect(lines).toContain('loom_starts_total 1');
  });

  it('keeps distributions in cumulative buckets that fit the unit', () => {
    const metrics = createMetrics();
    for (const value of [0.004, 0.2, 0.25, 600]) metrics.observe('loom_hop_seconds', value, { app: 'x' });
    const lines = metrics.text().split('\n');
    expect(lines).toContain('# TYPE loom_hop_seconds histogram');
    expect(lines).toContain('loom_hop_seconds_bucket{app="x",le="0.005"} 1');
    expect(lines).toContain('loom_hop_seconds_bucket{app="x",le="0.25"} 3');
    expect(lines).toContain('loom_hop_seconds_bucket{app="x",le="60"} 3');
    expect(lines).toContain('loom_hop_seconds_bucket{app="x",le="+Inf"} 4');
    expect(lines).toContain('loom_hop_seconds_sum{app="x"} 600.454');
    expect(lines).toContain('loom_hop_seconds_count{app="x"} 4');
  });

  it('stays bounded when a label carries ids, and says so', () => {
    const metrics = createMetrics();
    for (let i = 0; i < 1500; i += 1) metrics.count('loom_x_total', { id: String(i) });
    metrics.count('loom_x_total', { id: '0' });
    const lines = metrics.text().split('\n');
    expect(lines.filter((line) => line.startsWith('loom_x_total{'))).toHaveLength(1000);
    expect(lines).toContain('loom_x_total{id="0"} 2');
    expect(lines).toContain('loom_metrics_dropped_total 500');
  });

  it('is scraped as text', async () => {
    const metrics = createMetrics();
    metrics.count('loom_starts_total');
    const answer = await request(express().use(metricsRoute(metrics)))
      .get('/metrics')
      .expect(200);
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(answer.text).toBe(metrics.text());
  });
});
