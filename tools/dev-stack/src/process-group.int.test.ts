import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isAlive } from './alive';
import { freePort } from './free-port';
import { createProcessGroup, type ProcessGroup, type UnexpectedExit } from './process-group';
import { createRunCommand } from './run-command';
import { startService } from './service';
import { waitUntil } from './wait';

const FOREVER = 'setInterval(() => undefined, 1000);';

let group: ProcessGroup;
let printed: string;
let unexpected: UnexpectedExit[];
beforeEach(() => {
  printed = '';
  unexpected = [];
  group = createProcessGroup({
    colour: false,
    write: (text) => (printed += text),
    onUnexpectedExit: (exit) => unexpected.push(exit),
  });
});
afterEach(() => group.stopAll());

const node = (name: string, script: string) => ({ name, command: process.execPath, args: ['-e', script] });
const until = (what: string, ask: () => boolean) =>
  waitUntil(what, () => Promise.resolve(ask()), { timeoutMs: 10_000 });

it('prints lines behind a prefix, and writes them to a file', async () => {
  const logFile = join(group.temporaryDirectory('loom-log-'), 'a.log');
  const running = group.start({
    ...node('a', 'console.log("one"); console.error("two")'),
    logFile,
    mayEnd: true,
  });
  await expect(running.exited).resolves.toEqual({ code: 0, signal: null });
  expect(printed).toBe('a │ one\na │ two\n');
  await until('the file is written', () => readFileSync(logFile, 'utf8') === 'one\ntwo\n');
  expect(unexpected).toEqual([]);
});

it('reports an end that nobody wanted, with its last lines', async () => {
  const running = group.start({
    ...node('a', 'console.log("out of luck"); process.exit(3)'),
    output: 'quiet',
  });
  await running.exited;
  expect(unexpected).toEqual([{ name: 'a', code: 3, signal: null, lines: ['out of luck'] }]);
  expect(printed).toBe('');
});

it('stops by SIGTERM, which gives time to finish', async () => {
  const running = group.start(
    node(
      'a',
      `process.on("SIGTERM", () => { console.log("bye"); process.exit(0) }); console.log("up"); ${FOREVER}`,
    ),
  );
  await until('it is up', () => printed.includes('up'));
  await expect(running.stop()).resolves.toEqual({ code: 0, signal: null });
  expect(printed).toContain('bye');
  expect(unexpected).toEqual([]);
});

it('kills what does not listen, after the grace', async () => {
  const deaf = `process.on("SIGTERM", () => undefined); console.log("up"); ${FOREVER}`;
  const running = group.start({ ...node('a', deaf), graceMs: 300 });
  await until('it is up', () => printed.includes('up'));
  await expect(running.stop()).resolves.toEqual({ code: null, signal: 'SIGKILL' });
});

it('takes along what its processes have started, even when the leader ended by itself', async () => {
  const child = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(FOREVER)}], { stdio: "ignore" })`;
  const running = group.start({
    ...node('a', `const c = ${child}; c.unref(); console.log(String(c.pid))`),
    mayEnd: true,
  });
  await running.exited;
  const pid = Number(/(\d+)/.exec(printed)?.[1]);
  await until('the grandchild is gone', () => !isAlive(pid));
});

it('stops the last started first', async () => {
  const script = (name: string) =>
    `process.on("SIGTERM", () => { console.log("${name} ends"); process.exit(0) }); console.log("up"); ${FOREVER}`;
  for (const name of ['a', 'b', 'c']) group.start(node(name, script(name)));
  await until('all are up', () => printed.split('up').length === 4);
  await group.stopAll();
  expect(printed.match(/\w ends/g)).toEqual(['c ends', 'b ends', 'a ends']);
  expect(group.pids()).toEqual([]);
});

it('takes no process that is being stopped for a server, whoever was about to', async () => {
  const running = group.start({
    ...node('a', `process.on("SIGTERM", () => process.exit(0)); console.log("up"); ${FOREVER}`),
    mayEnd: true,
  });
  await until('it is up', () => printed.includes('up'));
  const stopped = running.stop();
  running.mustStay();
  await stopped;
  expect(unexpected).toEqual([]);
});

it('starts nothing more once it ends, and gives no result of a command that it stopped', async () => {
  const run = createRunCommand(group);
  const command = run(process.execPath, ['-e', FOREVER], { timeoutMs: 60_000 });
  const lost = expect(command).rejects.toThrow('everything is being stopped');
  await group.end();
  await lost;
  expect(() => group.start(node('late', FOREVER))).toThrow('everything is being stopped');
  await expect(run(process.execPath, [], { timeoutMs: 1 })).rejects.toThrow('everything is being stopped');
  expect(group.pids()).toEqual([]);
});

it('says what it cannot start', () => {
  expect(() => group.start({ name: 'a', command: '/no/such/program' })).toThrow(
    'cannot start a: /no/such/program does not run here',
  );
});

it('bounds a command, and gives it up early when it is hopeless', async () => {
  const run = createRunCommand(group);
  await expect(
    run(process.execPath, ['-e', 'console.log("1"); process.exit(4)'], { timeoutMs: 10_000 }),
  ).resolves.toEqual({
    code: 4,
    output: '1',
    timedOut: false,
  });
  await expect(run(process.execPath, ['-e', FOREVER], { timeoutMs: 300 })).resolves.toMatchObject({
    code: null,
    timedOut: true,
  });
  const hopeless = { afterMs: 200, ask: () => Promise.resolve(true) };
  await expect(
    run(process.execPath, ['-e', FOREVER], { timeoutMs: 600_000, hopeless }),
  ).resolves.toMatchObject({ timedOut: true });
  await expect(run('/no/such/program', [], { timeoutMs: 300 })).resolves.toMatchObject({ code: 127 });
  expect(group.pids()).toEqual([]);
});

describe('a service', () => {
  it('is ready when its URL answers well, not before', async () => {
    const port = await freePort();
    const script = `let n = 0; require("http").createServer((q, s) => { s.statusCode = ++n < 3 ? 503 : 200; console.log(String(n)); s.end() }).listen(${port}, "127.0.0.1")`;
    const service = await startService(group, {
      ...node('api', script),
      readyUrl: `http://127.0.0.1:${port}/ready`,
    });
    await service.kill();
    expect(service.lastLines()).toEqual(['1', '2', '3']);
    expect(unexpected).toEqual([]);
  });

  it('fails at once when it ends first, with what it said', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const started = startService(group, {
      ...node('api', 'console.error("PORT: must be a number"); process.exit(1)'),
      readyUrl: url,
    });
    await expect(started).rejects.toThrow('api ended before it was ready (code 1)\n  PORT: must be a number');
  });

  it('is stopped when it does not get ready in time', async () => {
    const refusing = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
    await until('it listens', () => refusing.listening);
    const readyUrl = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/`;
    const started = startService(group, { ...node('api', FOREVER), readyUrl, readyTimeoutMs: 300 });
    await expect(started).rejects.toThrow(/^api at http.*: not within 0.3 s \(last: it answers 503\)/);
    expect(group.pids()).toEqual([]);
    refusing.close();
  });
});
