import { candidateOf } from './candidates';
import { definitionOf, failFirstStep, now, submitRange } from './fleet';
import { timed, type Measurement } from './measure';
import { countTrips } from './redis-facts';
import type { StoreBench } from './store-bench';

/** Candidates of each of many migrations. */
const FEW = 10;

/** The list of so many migrations, each with a few candidates, and the queue of what waits for a person in all of them. */
export async function benchMigrations(
  { stores, client, tell }: StoreBench,
  count: number,
): Promise<Measurement[]> {
  tell(`${count} migrations`);
  for (let index = 0; index < count; index += 1) {
    const id = `many-${String(index).padStart(5, '0')}`;
    await stores.migrations.announce(definitionOf(id), now());
    await submitRange(stores, id, { from: 0, to: FEW, size: FEW });
    await failFirstStep(stores, id, candidateOf(index % FEW, FEW).id);
  }
  const measured: Measurement[] = [];
  for (const limit of [100, 1000]) {
    const list = () => stores.migrations.list({ limit });
    const values = { ...(await timed(30, list)), trips: await countTrips(client, list) };
    measured.push({ what: `list of migrations, ${limit} rows`, size: count, values });
  }
  for (const limit of [100, 1000]) {
    const list = () => stores.attention.list({ limit });
    const values = { ...(await timed(30, list)), trips: await countTrips(client, list) };
    measured.push({ what: `attention in all of them, ${limit} rows`, size: count, values });
  }
  return measured;
}
