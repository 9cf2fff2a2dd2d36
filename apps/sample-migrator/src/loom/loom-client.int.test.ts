import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLoomServer } from '../testing/loom-server';
import { memoryLogger } from '../testing/memory-migrator';
import { createLoomClient, LoomAwayError } from './loom-client';

const event = { stepName: 's', candidateId: 'c', status: 'merged' as const };

test('a Loom that is not there, or hangs up without an answer, is told as away', async () => {
  const server = createServer((request) => request.destroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const loom = createLoomClient({
    url,
    apiKey: undefined,
    timeoutMs: 5_000,
    now: () => 0,
    logger: memoryLogger([]),
  });
  await expect(loom.raiseEvent('secret', event)).rejects.toThrow(LoomAwayError);
  await new Promise((resolve) => server.close(resolve));
  await expect(loom.raiseEvent('secret', event)).rejects.toThrow(/^Loom gave no answer \(.*ECONNREFUSED/);
  await expect(loom.raiseEvent('secret', event)).rejects.not.toThrow('secret');
});

test('an outage of Loom is one line when it begins and one when it is over, whatever the client asked meanwhile', async () => {
  const server = await startLoomServer();
  const logs: { level: string; message: string; fields: unknown }[] = [];
  const { url } = server;
  const loom = createLoomClient({
    url,
    apiKey: undefined,
    timeoutMs: 5_000,
    now: () => 0,
    logger: memoryLogger(logs),
  });
  server.away = true;
  for (let i = 0; i < 3; i += 1) expect(await loom.raiseEvent('id', event)).toMatchObject({ status: 503 });
  server.away = false;
  for (let i = 0; i < 3; i += 1) expect(await loom.raiseEvent('id', event)).toMatchObject({ status: 202 });
  await server.stop();
  const told = logs.filter(({ level }) => level !== 'debug');
  expect(told).toMatchObject([
    { level: 'warn', message: 'loom cannot be used', fields: { address: url, error: 'HTTP 503' } },
    { level: 'info', message: 'loom can be used again', fields: { address: url } },
  ]);
});
