import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { createProcessGroup } from './process-group';
import { createRunCommand } from './run-command';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../../..');
const SCRIPT = `
import { runSteps } from ${JSON.stringify(join(HERE, 'progress.ts'))};
const third = () => { console.log('third ran'); return Promise.resolve(); };
try {
  await runSteps([
    { title: 'First', run: async ({ note }) => { note('one'); note('two'); } },
    { title: 'Second', run: async () => { throw new Error('port 8080 is taken'); } },
    { title: 'Third', run: third },
  ]);
} catch (error) {
  console.log('thrown: ' + error.message);
}
`;

it('prints plain lines without a terminal, stops at the first failure, and passes its error on', async () => {
  const group = createProcessGroup();
  const file = join(group.temporaryDirectory('loom-steps-'), 'steps.mts');
  writeFileSync(file, SCRIPT);
  const run = createRunCommand(group);
  const { output } = await run(process.execPath, ['--import', 'tsx', file], {
    timeoutMs: 20_000,
    cwd: ROOT,
  });
  await group.stopAll();
  expect(output.split('\n').map((line) => line.replace(/ (\[[\d.]+m?s\])?$/, ''))).toEqual(
    expect.arrayContaining([
      '❯ First',
      '› one',
      '› two',
      '✔ First',
      '❯ Second',
      'thrown: port 8080 is taken',
    ]),
  );
  expect(output).not.toContain('third ran');
  expect(output).not.toContain('\u001b[');
});
