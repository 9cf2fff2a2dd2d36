// `npm start`: a whole Loom on this machine, with a forge and applications to migrate, until Ctrl-C.
import { relative } from 'node:path';
import { createLoomClient } from '@loom/api-types';
import { createProbes, DevStackError, runProgram, type ProcessGroup } from '@loom/dev-stack';
import { MIGRATION_ID, untilDiscovered } from './discovered';
import { startLocalLoom, type LocalLoom } from './local-loom';
import { requireFreePorts } from './servers';
import { lentServers, whyNotFresh } from './service-environment';
import { providePrograms } from './programs';
import { createProgressDisplay } from './progress-line';
import { parseArguments, portsFrom } from './settings';
import { claimDirectory } from './state-directory';
import { requireUsableEnvironment } from './usable-environment';

const display = createProgressDisplay(process.stdout);
const ours = (line: string) => `loom     │ ${line}`;
const progress = {
  show: (line: string) => {
    display.show(ours(line));
  },
  done: (line: string) => {
    display.done(ours(line));
  },
};
const say = (line: string): void => {
  display.note(ours(line));
};

async function main(group: ProcessGroup): Promise<number> {
  const { fresh, built, applications, directory } = parseArguments(process.argv.slice(2), 'start');
  const ports = portsFrom(process.env);
  const notFresh = fresh ? whyNotFresh(process.env) : undefined;
  if (notFresh !== undefined) throw new DevStackError(notFresh);
  const lent = lentServers(process.env);
  await requireUsableEnvironment(process.env, lent);
  await claimDirectory(directory, { fresh, beforeClearing: () => requireFreePorts(ports, lent) });
  await providePrograms({ group, built, note: say });
  const probes = createProbes(group, say);
  const loom = await startLocalLoom({
    group,
    probes,
    directory,
    ports,
    applications,
    servers: 'as the environment says',
    output: 'lines',
    note: say,
    progress,
  });
  const client = createLoomClient({ baseUrl: loom.apiUrl });
  const found = await untilDiscovered(client, applications, progress);
  console.log(welcome(loom, found, directory));
  return new Promise<number>(() => undefined); // until a signal
}

function welcome({ apiUrl, forgeUrl, temporalUiUrl }: LocalLoom, found: number, directory: string): string {
  const migration = `${apiUrl}/migrations/${MIGRATION_ID}`;
  return `
  Loom runs. ${found} applications were discovered.

    API                ${apiUrl}/migrations
    forge              ${forgeUrl}        review and merge pull requests here
    ${temporalUiUrl === undefined ? '' : `workflows          ${temporalUiUrl}`}

  What to type next, in another terminal:

    curl '${migration}/candidates?limit=3'
    curl -X POST ${migration}/candidates/billing-api/dry-run -H 'content-type: application/json' -d '{}'
    curl -X POST ${migration}/candidates/billing-api/start -H 'content-type: application/json' -d '{"inputs":{"chartVersion":"1.0.0"}}'
    curl -N ${migration}/events

  State is kept in ${relative(process.cwd(), directory)}; \`npm start -- --fresh\` begins anew. Ctrl-C stops everything.
`;
}

await runProgram(main, {
  names: ['temporal', 'redis', 'forge', 'api', 'worker', 'migrator'],
  write: display.write,
  onStopping: () => {
    display.end();
    console.log(`\n${ours('stopping')}`);
  },
  onUnexpectedExit: ({ name, code, signal, lines }) => {
    display.end();
    console.error([`${name} ended by itself (${signal ?? code ?? '?'})`, ...lines.slice(-10)].join('\n  '));
    process.kill(process.pid, 'SIGTERM');
  },
});
