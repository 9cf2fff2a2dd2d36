import type { Redis } from 'ioredis';
import {
  pullRequestReference,
  type AwaitOutcome,
  type Pushed,
  type Work,
  type WorkIndex,
  type WorkStore,
} from '../ports';
import { answered, defineScript, texts } from './script';
import {
  ACCEPT,
  AWAIT,
  CANCEL,
  CLAIM,
  EXECUTED,
  FINISH,
  HOLD,
  PUSHING,
  SETTLE,
  WAITING,
  WITHDRAWN,
  WORK,
} from './work-scripts';

/**
 * WorkStore and WorkIndex on Redis. Keys below the prefix: `work:{key}` (hash: work, pushed, pr, run, ref, settled and
 * withdrawn), `taken:{key}`, `due` (sorted set, by when it may be claimed), `waiting` (set), `pr:{repo}#{number}`,
 * `run:{run}/{attempt}` (set), `cancelled:{run}/{attempt}`.
 */
export function createRedisWorkStore(redis: Redis, prefix: string): WorkStore & WorkIndex {
  const script = (name: string, lua: string) => defineScript(redis, prefix, name, lua);
  const accept = script('accept', ACCEPT);
  const claim = script('claim', CLAIM);
  const hold = script('hold', HOLD);
  const pushing = script('pushing', PUSHING);
  const wait = script('await', AWAIT);
  const executed = script('executed', EXECUTED);
  const settle = script('settle', SETTLE);
  const withdrawn = script('withdrawn', WITHDRAWN);
  const finish = script('finish', FINISH);
  const cancel = script('cancel', CANCEL);
  const waiting = script('waiting', WAITING);
  const work = script('work', WORK);

  return {
    accept: async (item) => {
      const due = Date.parse(item.acceptedAt);
      return (await accept(item.key, JSON.stringify(item), runOf(item), due)) === 1;
    },
    claim: async (now, until, limit) => worksOf(await claim(now, until, limit)),
    hold: async (key, until) => (await hold(key, until)) === 1,
    pushing: async (key, branch) => (await pushing(key, JSON.stringify(branch))) === 1,
    await: async (key, pullRequest) => {
      return outcomeOf(await wait(key, JSON.stringify(pullRequest), pullRequestReference(pullRequest)));
    },
    executed: async (key) => {
      await executed(key);
    },
    settle: async (key) => {
      await settle(key);
    },
    withdrawn: async (key, until) => {
      await withdrawn(key, until);
    },
    finish: async (key) => {
      await finish(key);
    },
    byPullRequest: async (repo, number) => worksOf(await work(pullRequestReference({ repo, number })))[0],
    waiting: async () => worksOf(await waiting()),
    cancel: async (run, due) => worksOf(await cancel(runOf(run), due)),
    isCancelled: async (run) =>
      (await answered(() => redis.exists(`${prefix}cancelled:${runOf(run)}`))) === 1,
  };
}

function runOf({ runId, runAttempt }: { runId: string; runAttempt: number }): string {
  return `${runId}/${String(runAttempt)}`;
}

const OUTCOMES: readonly AwaitOutcome[] = ['waiting', 'cancelled', 'settled', 'gone'];

function outcomeOf(reply: unknown): AwaitOutcome {
  const outcome = OUTCOMES.find((one) => one === reply);
  if (outcome === undefined) throw new Error(`a script answered ${String(reply)}`);
  return outcome;
}

/** Replies hold four of each: the work as it was accepted, and its pull request, what it pushed and a mark, or ''. */
function worksOf(reply: unknown): Work[] {
  const items = texts(reply);
  const works: Work[] = [];
  for (let index = 0; index + 3 < items.length; index += 4) {
    const [accepted = '', pullRequest = '', pushed = '', isWithdrawn = ''] = items.slice(index, index + 4);
    const work = JSON.parse(accepted) as Work;
    if (pullRequest !== '') work.pullRequest = JSON.parse(pullRequest) as NonNullable<Work['pullRequest']>;
    if (pushed !== '') work.pushed = JSON.parse(pushed) as Pushed;
    if (isWithdrawn !== '') work.isWithdrawn = true;
    works.push(work);
  }
  return works;
}
