import { ConfigError } from '../start-error';
import { startTelemetry } from './telemetry';

const startSdk = jest.fn().mockReturnValue('the SDK');
let loaded = 0;
jest.mock('./start-sdk', () => {
  loaded += 1;
  return { startSdk };
});

it('is off unless it is asked for, and loads nothing then', async () => {
  for (const env of [
    {},
    { OTEL_ENABLED: '' },
    { OTEL_ENABLED: 'false', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' },
  ]) {
    const telemetry = await startTelemetry('api', env);
    expect(telemetry.tracing).toBeUndefined();
    expect(telemetry.logFields).toBeUndefined();
    await telemetry.close();
  }
  expect(loaded).toBe(0);
});

it('starts the SDK as the environment says', async () => {
  const started = (env: Record<string, string>) => startTelemetry('api', { OTEL_ENABLED: 'true', ...env });
  expect(await started({})).toBe('the SDK');
  expect(startSdk).toHaveBeenLastCalledWith({
    service: 'api',
    protocol: 'http/protobuf',
    collector: 'http://localhost:4318',
  });
  await started({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://all:4318',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  expect(startSdk).toHaveBeenLastCalledWith({
    service: 'api',
    protocol: 'http/json',
    collector: 'http://traces:4318',
  });
});

it('refuses what it cannot do', async () => {
  const refused = startTelemetry('api', { OTEL_ENABLED: 'true', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
  await expect(refused).rejects.toThrow(ConfigError);
  await expect(refused).rejects.toThrow(
    'OTEL_EXPORTER_OTLP_PROTOCOL: must be one of http/protobuf, http/json',
  );
  const nowhere = startTelemetry('api', {
    OTEL_ENABLED: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
  });
  await expect(nowhere).rejects.toThrow('OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL');
  await expect(startTelemetry('api', { OTEL_ENABLED: 'perhaps' })).rejects.toThrow(
    'OTEL_ENABLED: must be true or false',
  );
});
