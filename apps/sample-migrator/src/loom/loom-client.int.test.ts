import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLoomClient, LoomAwayError } from './loom-client';

const event = { stepName: 's', candidateId: 'c', status: 'merged' as const };

test('a Loom that is not there, or hangs up without an answer, is told as away', async () => {
  const server = createServer((request) => request.destroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const loom = createLoomClient({ url, apiKey: undefined, timeoutMs: 5_000, now: () => 0 });
  await expect(loom.raiseEvent('secret', event)).rejects.toThrow(LoomAwayError);
  await new Promise((resolve) => server.close(resolve));
  await expect(loom.raiseEvent('secret', event)).rejects.toThrow(/^Loom gave no answer \(.*ECONNREFUSED/);
  await expect(loom.raiseEvent('secret', event)).rejects.not.toThrow('secret');
});
