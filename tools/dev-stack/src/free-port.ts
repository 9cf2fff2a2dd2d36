import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * A port of the loopback nobody listens on. One connection is made and closed from the listening side: the TIME_WAIT
 * it leaves keeps Linux from handing the same number to another who asks for "any port", for a minute, while an
 * explicit bind still succeeds. A race stays possible, so whoever binds it must be ready to ask for another.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const listener = createServer();
  listener.listen(0, host);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const accepted = new Promise<void>((resolve) => {
    listener.once('connection', (socket) => {
      socket.once('close', () => {
        resolve();
      });
      socket.on('error', () => undefined);
      socket.end();
    });
  });
  const client = connect(port, host);
  client.on('error', () => undefined);
  client.resume();
  await accepted;
  client.destroy();
  listener.close();
  await once(listener, 'close');
  return port;
}

/** Several free ports, all different. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort(host));
  return [...ports];
}
