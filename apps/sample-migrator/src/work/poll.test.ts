import { once } from 'node:events';
import { memoryLogger } from '../testing/memory-migrator';
import { startPoll } from './poll';

const HOUR = 3_600_000;

it('looks when the migrator starts, and not only an interval later', async () => {
  const looks = new EventTarget();
  const looked = once(looks, 'look');
  const look = () => Promise.resolve(void looks.dispatchEvent(new Event('look')));
  const poll = startPoll({ look, intervalMs: HOUR, logger: memoryLogger([]) });
  await looked;
  await poll.stop();
});
