import { plannedSteps, type RunManifest, type RunProgress } from '@loom/domain';
import { createMemoryStores, MemoryExecutionEngine, MemoryLogger } from '@loom/ports/memory';
import type { Suspect } from './drift';
import { createLookActivities, type Walks } from './look-for-drift';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:01:00.000Z';
const STEPS = [{ name: 'one', migratorApp: 'a' }];
/** More than the suspects of one look. */
const MANY = 250;

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${prefix}-${String(i).padStart(3, '0')}`);
const manifestOf = (id: string): RunManifest => ({
  ...{ runId: `m__${id}`, migrationId: 'm', candidate: { id }, steps: STEPS, inputs: {}, nonce: id },
  ...{ runAttempt: 1, reservedAt: AT },
});

async function fleet() {
  const stores = createMemoryStores();
  const engine = new MemoryExecutionEngine();
  const logger = new MemoryLogger();
  await stores.migrations.announce(
    { id: 'm', name: '', description: '', migratorApp: 'a', migratorUrl: 'http://a', steps: STEPS },
    AT,
  );
  const deps = { ...stores, engine, catalog: engine, clock: { now: () => LATER }, logger };
  const activities = createLookActivities(deps);
  const lookForDrift = (from?: Walks) => activities.lookForDrift(from);

  /** → running, as their workflows would have it after their first act. */
  async function running(candidates: string[]): Promise<void> {
    await stores.candidates.submit(
      'm',
      candidates.map((id) => ({ id })),
      AT,
    );
    for (const id of candidates) {
      const manifest = manifestOf(id);
      const candidateVersion = (await stores.reader.snapshot('m', id))?.version ?? '';
      const from = 'not_started_or_queued';
      await stores.runs.reserve({ manifest, definitionRevision: 1, candidateVersion, from });
      const run = { migrationId: 'm', candidateId: id, runAttempt: 1 };
      await stores.ledger.begin({ ...run, executionId: 'x', at: AT });
      const view = { seq: 1, steps: plannedSteps(manifest), currentStep: 0, inputs: {}, at: AT };
      await stores.ledger.project({ ...run, ...view });
    }
  }

  const open = async (candidates: string[]) => {
    for (const id of candidates) await engine.start(manifestOf(id));
  };

  /** All that looks find, each from where the one before ended. */
  async function wholeLook(): Promise<Suspect[]> {
    const suspects: Suspect[] = [];
    for (let from: Walks | undefined = {}; from !== undefined;) {
      const look: Awaited<ReturnType<typeof lookForDrift>> = await lookForDrift(from);
      suspects.push(...look.suspects);
      from = look.left;
    }
    return suspects;
  }
  return { stores, engine, running, open, lookForDrift, wholeLook };
}

const named = (suspects: readonly Suspect[], kind: Suspect['kind']) =>
  suspects.flatMap((one) => (one.kind === kind ? [one.candidateId] : [])).sort();

describe('a whole look', () => {
  it('finds every open workflow that the store does not know, however many there are', async () => {
    const { open, wholeLook } = await fleet();
    await open(ids('lost', MANY));
    expect(named(await wholeLook(), 'no_run')).toEqual(ids('lost', MANY));
  });

  it('compares all kinds of runs, also where one kind alone is more than a look can tell', async () => {
    const { engine, running, open, wholeLook } = await fleet();
    await running(ids('gone', MANY));
    await running(ids('behind', 3));
    await open([...ids('behind', 3), ...ids('lost', 3)]);
    const progress: Partial<RunProgress> = { runAttempt: 1, seq: 9 };
    for (const id of ids('behind', 3)) engine.report(`m__${id}`, progress);
    const suspects = await wholeLook();
    expect(named(suspects, 'no_workflow')).toEqual(ids('gone', MANY));
    expect(named(suspects, 'no_run')).toEqual(ids('lost', 3));
    expect(named(suspects, 'behind')).toEqual(ids('behind', 3));
  });

  it('goes on behind suspects that stay what they are, and does not lose its place with one that has gone', async () => {
    const { engine, open, lookForDrift } = await fleet();
    await open(ids('lost', MANY));
    const { suspects, left = {} } = await lookForDrift({});
    const last = suspects.at(-1)?.candidateId ?? '';
    expect(named((await lookForDrift(left)).suspects, 'no_run')).not.toContain(last);
    engine.forget(`m__${last}`);
    const found = new Set<string>();
    for (let from: Walks | undefined = left; from !== undefined;) {
      const look: Awaited<ReturnType<typeof lookForDrift>> = await lookForDrift(from);
      for (const { candidateId } of look.suspects) found.add(candidateId);
      from = look.left;
    }
    const rest = ids('lost', MANY).filter((id) => suspects.every(({ candidateId }) => candidateId !== id));
    expect([...found]).toEqual(expect.arrayContaining(rest));
  });
});

describe('the look of a tick', () => {
  it('goes on where the one before ended, until all have had their turn', async () => {
    const { open, lookForDrift } = await fleet();
    await open(ids('lost', MANY));
    const found: Suspect[] = [];
    for (let tick = 0; tick < 3; tick += 1) found.push(...(await lookForDrift()).suspects);
    expect(named(found, 'no_run')).toEqual(ids('lost', MANY));
  });
});
