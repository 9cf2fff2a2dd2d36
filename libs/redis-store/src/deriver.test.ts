import { MemoryLogger } from '@loom/ports/memory';
import { createMutator } from './deriver';
import { createKeys } from './keys';
import type { Reply, ScriptRunner } from './script-runner';

const AT = '2026-01-01T00:00:00.000Z';

/** Scripts that each change migration `name` by one entry; `derive` hangs until it is let go. */
function world() {
  const sent: (string | number)[][] = [];
  const waiting: ((error?: Error) => void)[] = [];
  const logger = new MemoryLogger();
  let version = 0;
  const runner: ScriptRunner = {
    onMigration: () => {
      version += 1;
      const reply: Reply[] = [['done'], version, `counts${version}`, [['t', `e${version}`]]];
      return Promise.resolve(reply);
    },
    onKeys: (_name, _keys, args) => {
      sent.push(args);
      return new Promise((resolve, reject) => {
        waiting.push((error) => (error === undefined ? resolve([]) : reject(error)));
      });
    },
  };
  const audit = { note: () => undefined, flush: () => Promise.resolve() };
  const mutator = createMutator({ runner, keys: createKeys('p'), streamLength: 7, audit, logger });
  const change = (migrationId: string) => mutator.mutate('x', migrationId, AT, []);
  /** Lets the call that is under way end. */
  const letGo = async (error?: Error) => {
    waiting.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { mutator, change, sent, letGo, logger };
}

describe('what spans migrations', () => {
  it('lets no write wait for it', async () => {
    const { change, sent } = world();
    expect(await change('a')).toEqual(['done']);
    expect(await change('a')).toEqual(['done']);
    expect(sent).toEqual([[7, 1, 'a', 1, 'counts1', 0, 'a', 2, 't', 'e1']]);
  });

  it('is told of the newest counts of a migration only, and of every entry in order', async () => {
    const { mutator, change, sent, letGo } = world();
    for (const id of ['a', 'a', 'b', 'a']) await change(id);
    const flushed = mutator.flush();
    await letGo();
    const counts = [2, 'a', 4, 'counts4', 'b', 3, 'counts3'];
    const entries = ['a', 2, 't', 'e2', 'b', 2, 't', 'e3', 'a', 2, 't', 'e4'];
    expect(sent[1]).toEqual([7, ...counts, 0, ...entries]);
    await letGo();
    await flushed;
    expect(sent).toHaveLength(2);
    await mutator.flush();
  });

  it('is told of a lease with the counts that its reservation is in', async () => {
    const { mutator, change, sent, letGo } = world();
    await change('a');
    await mutator.mutate('x', 'a', AT, [], undefined, 'lease of a');
    await change('a');
    await letGo();
    expect(sent[1]).toEqual([7, 1, 'a', 3, 'counts3', 1, 'lease of a', 'a', 2, 't', 'e2', 'a', 2, 't', 'e3']);
  });

  it('goes on after a failure, which is logged', async () => {
    const { mutator, change, sent, letGo, logger } = world();
    await change('a');
    await letGo(new Error('away'));
    await mutator.flush();
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { reason: 'Error: away' } }]);
    await change('a');
    expect(sent).toHaveLength(2);
  });

  it('is told of the newest 10,000 entries where it stays away, and no memory is spent on more', async () => {
    const { change, sent, letGo, logger } = world();
    for (let count = 0; count < 10_006; count += 1) await change('a');
    for (let call = 0; call < 22; call += 1) await letGo();
    const told = sent
      .slice(1)
      .flat()
      .filter((arg) => /^e\d+$/.test(String(arg)));
    expect([told.length, told[0], told.at(-1)]).toEqual([10_000, 'e7', 'e10006']);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { dropped: 5 } }]);
  });
});
