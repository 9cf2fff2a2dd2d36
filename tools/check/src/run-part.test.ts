import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPart } from './run-part';

let logs: string;
beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), 'loom-check-'));
});
afterEach(() => {
  rmSync(logs, { recursive: true, force: true });
});

const run = (command: string[], limitMs = 20_000) =>
  runPart(
    { name: 'some part', command, lane: 0 },
    { env: process.env, logs, say: () => undefined, limitMs, graceMs: 100, running: new Set() },
  );
const node = (script: string) => [process.execPath, '-e', script];

it('tells a part’s exit code, and keeps what it wrote', async () => {
  const { code, log } = await run(node('console.log("out"); console.error("err"); process.exit(3)'));
  expect(code).toBe(3);
  expect(readFileSync(log, 'utf8')).toMatch(/out\n|err\n/);
});

it('fails a part whose program is not there', async () => {
  const { code, log } = await run(['no-such-program']);
  expect(code).toBe(127);
  expect(readFileSync(log, 'utf8')).toContain('ENOENT');
});

it('kills a part that outlives its limit and takes no SIGTERM', async () => {
  const stubborn = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];
  const { code, log } = await run(stubborn, 1000);
  expect(code).toBe(1);
  expect(readFileSync(log, 'utf8')).toMatch('ended after 1 s: that is the limit of any part');
});
