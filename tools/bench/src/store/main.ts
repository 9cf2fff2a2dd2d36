// Measures the stores and the built api on a Redis of its own, with as many candidates as one migration may have.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { createProbes, obtainRedisProgram, runProgram, startRedis, type ProcessGroup } from '@loom/dev-stack';
import { connectRedis, createRedisStores } from '@loom/redis-store';
import { parseArguments } from './arguments';
import { benchHttp } from './http-bench';
import type { Measurement } from './measure';
import { benchMigrations } from './migrations-bench';
import { asRedis, slowest, watchSlow } from './redis-facts';
import { slowTable, tableOf } from './report';
import { benchStore } from './store-bench';

const MIGRATIONS = 1000;

async function main(group: ProcessGroup): Promise<number> {
  const { sizes, submits, only, out } = parseArguments(process.argv.slice(2));
  const tell = (line: string) => console.error(line);
  const program = await obtainRedisProgram(createProbes(group, tell));
  const directory = join(group.temporaryDirectory('loom-bench-'), 'redis');
  const server = await startRedis({ group, program, directory });
  const client = asRedis(connectRedis({ addr: server.address, callTimeoutMs: 10_000 }));
  const stores = createRedisStores({ redis: client });
  await stores.recovery.adopt('bench');
  await stores.migrations.list({ limit: 1 });
  await watchSlow(client);

  const bench = { stores, client, tell };
  const measured: Measurement[] = [];
  const load = [loadavg()[0]];
  if (only.includes('migrations')) measured.push(...(await benchMigrations(bench, MIGRATIONS)));
  for (const size of only.includes('store') ? sizes : []) measured.push(...(await benchStore(bench, size)));
  await stores.flush();
  if (only.includes('http')) {
    const read = only.includes('store') ? sizes : [];
    measured.push(...(await benchHttp({ group, client, redis: server.address, tell }, read, submits)));
  }
  load.push(loadavg()[0]);
  const slow = await slowest(client);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(
    out,
    JSON.stringify({ node: process.version, cpus: cpus().length, load, measured, slow }, null, 2),
  );
  console.log(
    [tableOf(measured), slowTable(slow), `load ${load.join(' → ')}; written to ${out}`].join('\n\n'),
  );
  stores.close();
  client.disconnect();
  return 0;
}

await runProgram(main);
