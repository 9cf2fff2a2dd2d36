import { EgressRefusedError } from './egress';
import { testParts } from './testing/setup';

const parts = testParts();
afterEach(() => parts.close());

const call = (agent: ReturnType<typeof parts.agent>, origin: string) =>
  agent.request({ origin, path: '/', method: 'GET' });

describe('the egress agent', () => {
  it('reaches a name through its addresses', async () => {
    const migrator = await parts.migrator((response) => response.end('hi'));
    const lookup = jest.fn(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
    const { body } = await call(parts.agent({ lookup }), `http://migrator.test:${migrator.port}`);
    expect(await body.text()).toBe('hi');
    expect(lookup).toHaveBeenCalledWith('migrator.test');
  });

  it('refuses a name as soon as one of its addresses is forbidden', async () => {
    const migrator = await parts.migrator((response) => response.end('hi'));
    const lookup = () =>
      Promise.resolve([
        { address: '127.0.0.1', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ]);
    await expect(call(parts.agent({ lookup }), `http://rebind.test:${migrator.port}`)).rejects.toThrow(
      new EgressRefusedError('rebind.test resolves to 169.254.169.254: a link-local address'),
    );
    expect(migrator.received).toEqual([]);
  });

  it.each([
    'http://169.254.169.254',
    'http://[::ffff:169.254.169.254]',
    'http://[fe80::1]',
    'http://2852039166',
    'http://metadata.google.internal',
  ])('refuses %s before any connection', async (origin) => {
    const lookup = jest.fn(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
    await expect(call(parts.agent({ lookup }), origin)).rejects.toThrow(EgressRefusedError);
    expect(lookup).not.toHaveBeenCalled();
  });

  it('asks the policy about literals, resolved addresses and the connected socket', async () => {
    const migrator = await parts.migrator((response) => response.end('hi'));
    const asked: string[] = [];
    const agent = parts.agent({
      policy: ({ host, address }) => void asked.push(`${host} ${address}`),
      lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    });
    await (await call(agent, `http://migrator.test:${migrator.port}`)).body.text();
    await (await call(agent, migrator.url)).body.text();
    expect(asked).toEqual([
      'migrator.test 127.0.0.1',
      'migrator.test 127.0.0.1',
      '127.0.0.1 127.0.0.1',
      '127.0.0.1 127.0.0.1',
    ]);
  });

  it('closes a socket that went where it may not, whatever was checked before', async () => {
    const migrator = await parts.migrator((response) => response.end('hi'));
    // The policy changes its mind, as an address behind a name can between check and use.
    let asked = 0;
    const agent = parts.agent({ policy: () => ((asked += 1) > 1 ? 'not on the list' : undefined) });
    await expect(call(agent, migrator.url)).rejects.toThrow('127.0.0.1 is not on the list');
    expect(migrator.received).toEqual([]);
  });

  it('reuses a connection for calls in sequence', async () => {
    const ports = new Set<number | undefined>();
    const migrator = await parts.migrator((response) => {
      ports.add(response.socket?.remotePort);
      response.end('hi');
    });
    const agent = parts.agent();
    for (let i = 0; i < 20; i += 1) await (await call(agent, migrator.url)).body.text();
    // Two: a call that follows at once may find its predecessor's connection not yet put back.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
