import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { parseAddress } from './address';
import { type Link, startBlackHole, startLink } from './link';

const echo = createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
let link: Link;
let clients: Socket[];

beforeAll(async () => {
  await once(echo.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(async () => {
  clients = [];
  link = await startLink(`127.0.0.1:${(echo.address() as AddressInfo).port}`);
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await link.down();
});
afterAll(async () => {
  echo.close();
  await once(echo, 'close');
});

async function connected(address = link.address): Promise<Socket> {
  const { host, port } = parseAddress(address, 'link');
  const client = connect(port, host);
  clients.push(client);
  await once(client, 'connect');
  return client;
}

async function answerTo(client: Socket, text: string): Promise<string> {
  const answer = once(client, 'data');
  client.write(text);
  return String((await answer)[0]);
}

/** Comes after whatever the link would have let through by now. */
async function answerOnAnotherWay(): Promise<void> {
  const other = await startLink(`127.0.0.1:${(echo.address() as AddressInfo).port}`);
  expect(await answerTo(await connected(other.address), 'other')).toBe('other');
  await other.down();
}

it('passes bytes on both ways', async () => {
  expect(await answerTo(await connected(), 'hello')).toBe('hello');
});

it('breaks what is connected, and is mended at the same address', async () => {
  const client = await connected();
  await answerTo(client, 'before');
  const closed = once(client, 'close');
  await link.down();
  await link.down();
  await closed;
  await expect(connected()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await link.up();
  expect(await answerTo(await connected(), 'after')).toBe('after');
});

it('cuts connections, and takes new ones', async () => {
  const client = await connected();
  await answerTo(client, 'before');
  const closed = once(client, 'close');
  link.cut();
  await closed;
  expect(await answerTo(await connected(), 'after')).toBe('after');
});

it('holds what is sent while frozen, and lets it go afterwards', async () => {
  const client = await connected();
  await answerTo(client, 'before');
  link.set('freeze');
  const passed = link.forwarded();
  const answer = answerTo(client, 'held');
  await answerOnAnotherWay();
  expect(await Promise.race([answer, passed, Promise.resolve('nothing yet')])).toBe('nothing yet');
  link.set('pass');
  expect(await answer).toBe('held');
});

it('swallows answers, and tells that the question has passed', async () => {
  const client = await connected();
  await answerTo(client, 'before');
  link.set('swallow-answers');
  const passed = link.forwarded();
  const answer = answerTo(client, 'asked');
  await passed;
  await answerOnAnotherWay();
  expect(await Promise.race([answer, Promise.resolve('nothing yet')])).toBe('nothing yet');
  link.set('pass');
  expect(await answer).toBe('asked');
});

it('a black hole takes everything and never answers', async () => {
  const hole = await startBlackHole();
  const client = await connected(hole.address);
  // It ends with a reset, since nobody has read what was sent.
  client.on('error', () => undefined);
  const closed = new Promise((resolve) => client.once('close', resolve));
  const heard = jest.fn();
  client.on('data', heard);
  client.write('anybody there?');
  await hole.close();
  await closed;
  expect(heard).not.toHaveBeenCalled();
});
