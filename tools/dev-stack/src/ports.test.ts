import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { parseAddress } from './address';
import { freePort, freePorts } from './free-port';
import { holdsPort, portIsFree, requireFreePort } from './port-check';

async function listening(port = 0): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

it('gives ports that can be bound at once, all different', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  const servers = await Promise.all(ports.map(listening));
  expect(servers.map((server) => (server.address() as AddressInfo).port)).toEqual(ports);
  await Promise.all(servers.map(close));
});

it('says in one line which port is taken and what to set', async () => {
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  expect(await portIsFree(port)).toBe(false);
  const refusal = requireFreePort(port, 'PORT');
  await expect(refusal).rejects.toThrow(`port ${port} is taken: set PORT, or stop what holds it`);
  await expect(refusal).rejects.not.toThrow('\n');
  await close(server);
  await expect(requireFreePort(port, 'PORT')).resolves.toBeUndefined();
});

it('names the process that holds a port, where the system tells', async () => {
  const server = await listening();
  const { port } = server.address() as AddressInfo;
  const told = process.platform === 'linux' ? true : undefined;
  expect(await holdsPort(process.pid, port)).toBe(told);
  expect(await holdsPort(1, port)).toBe(told === undefined ? undefined : false);
  await expect(requireFreePort(port, 'PORT')).rejects.toThrow(
    told ? `(process ${process.pid}, ` : 'holds it',
  );
  await close(server);
  expect(await holdsPort(process.pid, await freePort())).toBeUndefined();
});

it('reads addresses', () => {
  expect(parseAddress('localhost:6379', 'X')).toEqual({ host: 'localhost', port: 6379 });
  expect(parseAddress('[::1]:6379', 'X')).toEqual({ host: '::1', port: 6379 });
  for (const wrong of ['', 'localhost', 'localhost:0', 'localhost:99999', 'redis://localhost:1', 'a:b']) {
    expect(() => parseAddress(wrong, 'REDIS_ADDR')).toThrow(`REDIS_ADDR=${wrong} is not an address`);
  }
});
