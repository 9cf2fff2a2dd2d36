import { createServer } from 'node:net';
import { createProcessGroup, freePort, waitUntil } from '@loom/dev-stack';
import { startTraceCollector } from './trace-collector';
import { startTraced, tracedTo, type TracedProgram } from './traced-programs';

const SOON = { timeoutMs: 60_000 };
/** A batch is given up after this. */
const IMPATIENT = { OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
/** Below the ten seconds that an exporter waits for a collector. */
const END_MS = 9000;

const group = createProcessGroup();
afterAll(() => group.stopAll());

async function ask(api: TracedProgram): Promise<void> {
  const answer = await fetch(`${api.url}/migrations`);
  expect(answer.status).toBe(200);
  await answer.text();
}

const linesOf = (api: TracedProgram, level: string, message: string) =>
  api.lines.filter((line) => line['level'] === level && line['message'] === message);

it('an api that is told to stop sends what it still holds', async () => {
  const collector = await startTraceCollector();
  const never = { OTEL_BSP_SCHEDULE_DELAY: '600000', OTEL_METRIC_EXPORT_INTERVAL: '600000' };
  const api = await startTraced(group, 'api', {
    ...tracedTo(collector.url),
    ...never,
    OTEL_SERVICE_NAME: 'named',
  });
  await ask(api);
  expect(collector.spans).toEqual([]);

  const { code } = await api.running.kill('SIGTERM');

  expect(code).toBe(0);
  expect(collector.spans).toContainEqual(
    expect.objectContaining({ service: 'named', name: 'GET /migrations' }),
  );
  expect(collector.text()).toContain('http.server.request.duration');
  await collector.close();
});

it('a collector that is away is told of once, and of its return once', async () => {
  const port = await freePort();
  const env = { ...tracedTo(`http://127.0.0.1:${port}`), ...IMPATIENT, LOOM_LOG_LEVEL: 'debug' };
  const api = await startTraced(group, 'api', env);
  const failures = (): number => linesOf(api, 'debug', 'the trace collector still cannot be used').length;
  const failedAgain = async (): Promise<boolean> => {
    await ask(api);
    return failures() >= 2;
  };
  await waitUntil('three batches that failed', failedAgain, { ...SOON, everyMs: 100 });
  expect(linesOf(api, 'warn', 'the trace collector cannot be used')).toHaveLength(1);

  const collector = await startTraceCollector(port);
  const back = async (): Promise<boolean> => {
    await ask(api);
    return linesOf(api, 'info', 'the trace collector can be used again').length > 0;
  };
  await waitUntil('its return', back, { ...SOON, everyMs: 100 });
  expect(linesOf(api, 'warn', 'the trace collector cannot be used')).toHaveLength(1);
  expect((await api.running.kill('SIGTERM')).code).toBe(0);
  await collector.close();
});

it('a collector that never answers holds up neither requests nor the end', async () => {
  const silent = createServer();
  await new Promise<void>((settle) => silent.listen(0, '127.0.0.1', settle));
  const address = silent.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const api = await startTraced(group, 'api', tracedTo(`http://127.0.0.1:${port}`));
  const connected = new Promise((settle) => silent.once('connection', settle));
  await ask(api);
  await connected;
  await ask(api);

  const at = performance.now();
  const { code } = await api.running.kill('SIGTERM');

  expect(code).toBe(0);
  expect(performance.now() - at).toBeLessThan(END_MS);
  silent.close();
});
