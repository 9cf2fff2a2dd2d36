import { memoryLogger } from '../testing/memory-migrator';
import { startPoll } from './poll';

const HOUR = 3_600_000;

it('looks when the migrator starts, and not only an interval later', async () => {
  let stop = (): Promise<void> => Promise.resolve();
  await new Promise<void>((looked) => {
    const look = () => Promise.resolve(looked());
    ({ stop } = startPoll({ look, intervalMs: HOUR, logger: memoryLogger([]) }));
  });
  await stop();
});
