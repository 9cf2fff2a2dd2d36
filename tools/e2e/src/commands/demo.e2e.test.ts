import { join } from 'node:path';
import { createProcessGroup, runScript } from '../programs';

const APPLICATIONS = 3;
/** A demo is on its own, whatever the environment names. */
const ELSEWHERE = {
  REDIS_ADDR: '127.0.0.1:1',
  REDIS_PASSWORD: 'not-for-here',
  TEMPORAL_HOSTPORT: '127.0.0.1:1',
  GITHUB_API_URL: 'http://127.0.0.1:1',
  GITHUB_TOKEN: 'not-for-here',
};
const group = createProcessGroup();

afterAll(async () => {
  await group.stopAll();
});

/** A demo that checks itself; the last thing it does is to read the bare repositories in a process of its own. */
async function demo(args: string[] = [], env: Record<string, string> = {}) {
  const directory = join(group.temporaryDirectory('loom-demo-'), 'state');
  const all = ['--built', '--apps', String(APPLICATIONS), '--dir', directory, ...args];
  return await runScript(group, 'tools/start/src/demo.ts', all, env).ended;
}

it('a campaign without a person ends with exactly the expected change in every repository', async () => {
  const { code, output } = await demo([], ELSEWHERE);
  expect(output).toMatch(`${APPLICATIONS} of ${APPLICATIONS} applications hold exactly the expected change`);
  expect(output).toMatch(/conflicts met\s+1/);
  expect(output).toMatch(/steps retried\s+1/);
  expect(code).toBe(0);
});

it.each(['worker', 'api', 'migrator'])(
  'a campaign ends just as well when its %s is killed in the middle and started again',
  async (name) => {
    const { code, output } = await demo(['--kill', name]);
    const struck = /killing the (\w+) \(kill -9\) at \d+ %: (\d+) of (\d+) completed, (\d+) running/.exec(
      output,
    );
    const [completed = 0, total = 0, running = 0] = (struck ?? []).slice(2).map(Number);
    expect(struck?.[1]).toBe(name);
    expect(total).toBe(APPLICATIONS);
    expect(completed).toBeGreaterThan(0);
    expect(completed).toBeLessThan(total);
    expect(running).toBeGreaterThan(0);
    expect(output).toMatch(`the ${name} is back`);
    expect(output).toMatch(
      `${APPLICATIONS} of ${APPLICATIONS} applications hold exactly the expected change`,
    );
    expect(code).toBe(0);
  },
);
