import { createProcessGroup } from './process-group';
import { temporalArguments } from './temporal-server';

const options = {
  group: createProcessGroup(),
  program: { kind: 'binary', path: 'temporal' } as const,
  directory: '/data',
  port: 7300,
  bindHost: '127.0.0.1',
};

it('keeps its state in the directory, lifts the rate limit, and has no web UI', () => {
  const line = temporalArguments(options).join(' ');
  expect(line).toMatch(
    /^server start-dev --ip 127\.0\.0\.1 --port 7300 --headless --db-filename \/data\/temporal\.db /,
  );
  expect(line).toContain('--dynamic-config-value history.transferProcessorMaxPollRPS=5000');
  expect(line).toContain('--dynamic-config-value system.enableActivityEagerExecution=true');
});

it('serves the web UI when it is given a port, and comes as it is when that is wanted', () => {
  const line = temporalArguments({ ...options, uiPort: 8300, tuned: false }).join(' ');
  expect(line).toContain('--ui-port 8300');
  expect(line).not.toContain('--headless');
  expect(line).not.toContain('--dynamic-config-value');
});

it('serves its metrics where that is wanted', () => {
  expect(temporalArguments({ ...options, metricsPort: 9300 }).join(' ')).toContain('--metrics-port 9300');
  expect(temporalArguments(options).join(' ')).not.toContain('--metrics-port');
});
