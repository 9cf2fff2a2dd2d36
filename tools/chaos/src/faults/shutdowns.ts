import { keepAliveClient, type KeepAliveClient } from '@loom/e2e';
import type { Fault, Stage } from '../stage';
import type { Program } from '../world/program';

const TIMES = 10;
const CLIENTS = 20;

/** SIGTERM under load; every answer that a client was waiting for has to come. */
const apiRolled: Fault = {
  name: 'api restarted, rolling',
  what: `SIGTERM of one replica under ${CLIENTS} clients, which go on with the other where a connection is refused`,
  times: TIMES,
  async inject(stage, n) {
    const { apis } = stage.world;
    const api = apis[n % 2 === 0 ? 0 : 1];
    const clients = Array.from({ length: CLIENTS }, () =>
      keepAliveClient([api.url, ...apis.map(({ url }) => url)]),
    );
    const over = new AbortController();
    const playing = Promise.all(clients.map((one) => play(stage, one, over.signal)));
    await endWell(stage, api);
    over.abort();
    const answers = (await playing).reduce((sum, count) => sum + count, 0);
    for (const one of clients) one.close();
    await api.start();
    return `${api.name} ended, ${answers} answers meanwhile`;
  },
};

/** @returns how many answers it got */
async function play({ campaign, wrong }: Stage, client: KeepAliveClient, over: AbortSignal): Promise<number> {
  const path = `/migrations/${campaign.migrationId}/candidates?limit=20&status=running`;
  let answers = 0;
  try {
    for (; !over.aborted; answers += 1) {
      const { status } = await client.ask('GET', path);
      if (status !== 200) wrong(`a list was answered ${status} while an api ended`);
    }
  } catch (error) {
    wrong(`a client lost its answer while an api ended: ${String(error)}`);
  }
  return answers;
}

async function endWell({ wrong }: Stage, program: Program): Promise<void> {
  const code = await program.stop();
  if (code !== 0) wrong(`${program.name} ended with ${code ?? 'a signal'} after SIGTERM`);
}

/** The next one runs before the first is told to stop, and the other way round. */
const workerRolled: Fault = {
  name: 'worker restarted, rolling',
  what: 'a second worker starts, the first gets SIGTERM; then the same the other way round',
  times: TIMES,
  async inject(stage, n) {
    const { worker, otherWorker } = stage.world;
    if (n % 2 === 0) {
      await otherWorker.start();
      await endWell(stage, worker);
      await worker.start();
      await endWell(stage, otherWorker);
      return 'rolled to another and back';
    }
    await endWell(stage, worker);
    await worker.start();
    return 'ended, and started again';
  },
};

export const shutdowns: readonly Fault[] = [apiRolled, workerRolled];
