// `npm run test:fuzz`: requests generated from the contract, valid and invalid, against a whole Loom. Arguments go to
// Schemathesis, for instance `-- --seed 7` or `-- --max-examples 500`.
import { createLoomClient } from '@loom/api-types';
import { createProbes, obtainSchemathesis, runProgram, type ProcessGroup } from '@loom/dev-stack';
import { providePrograms, startLocalLoom, untilDiscovered, unusedPorts, type LocalLoom } from '@loom/start';
import { createAnswers } from './answers';
import { startFixtureServer } from './fixture-server';
import { createFixtures, FUZZ_MIGRATION } from './fixtures';
import { startFuzzMigrator } from './fuzz-migrator';
import { operations } from './operations';
import { runSchemathesis } from './schemathesis';
import { tryStreams } from './streams';

/** A few, for the sample migrator to work on. */
const APPLICATIONS = 3;
const SEED = 1;

const note = (line: string): void => {
  console.error(line);
};

async function main(group: ProcessGroup): Promise<number> {
  const program = await obtainSchemathesis(createProbes(group, note));
  const loom = await startWorld(group);
  const migrator = await startFuzzMigrator();
  const client = createLoomClient({ baseUrl: loom.apiUrl });
  const answers = createAnswers();
  const fixtures = await createFixtures({ loom: client, migrator });
  const server = await startFixtureServer(fixtures, answers);
  const all = operations();
  const run = {
    program,
    schemaUrl: `${loom.apiUrl}/openapi.json`,
    fixturesUrl: server.url,
    directory: group.temporaryDirectory('loom-schemathesis-'),
    args: process.argv.slice(2),
  };
  const ours = all.filter(({ servedBy, streams }) => servedBy === 'loom' && !streams);
  const theirs = all.filter(({ servedBy }) => servedBy === 'migrator');
  const codes = [
    await runSchemathesis(group, { ...run, baseUrl: loom.apiUrl, operations: ours }),
    await runSchemathesis(group, { ...run, baseUrl: loom.migratorUrl, operations: theirs }),
  ];
  const problems = await tryStreams(
    all.filter(({ streams }) => streams),
    {
      api: loom.apiUrl,
      answers,
      migrationId: FUZZ_MIGRATION,
      change: () => fixtures.prepare('startCandidate'),
      position: async () => (await client.candidates.listCandidates({ id: FUZZ_MIGRATION })).streamPosition,
    },
    SEED,
  );
  const { lines, withoutSuccess, failed } = answers.table(all.map(({ id }) => id));
  console.log(['', ...lines, '', ...problems].join('\n'));
  console.log(`without any 2xx: ${withoutSuccess.join(', ') || 'none'}`);
  console.log(`answered with 500: ${failed.join(', ') || 'none'}`);
  await server.close();
  await migrator.close();
  const good = codes.every((code) => code === 0) && problems.length === 0;
  return good && withoutSuccess.length === 0 && failed.length === 0 ? 0 : 1;
}

async function startWorld(group: ProcessGroup): Promise<LocalLoom> {
  await providePrograms({ group, built: false, note });
  const quiet = { show: () => undefined, done: note };
  const loom = await startLocalLoom({
    group,
    probes: createProbes(group, note),
    directory: group.temporaryDirectory('loom-fuzz-'),
    ports: await unusedPorts(),
    applications: APPLICATIONS,
    servers: 'own',
    output: 'quiet',
    note,
    progress: quiet,
  });
  await untilDiscovered(createLoomClient({ baseUrl: loom.apiUrl }), APPLICATIONS, quiet);
  return loom;
}

await runProgram(main);
