import { Pool } from 'undici';

let pool: Pool | undefined;

/** Where every dispatch goes, on connections that are kept. */
export function dispatchTo(url: string): void {
  pool = new Pool(url, { connections: 64 });
}

export async function dispatch(runId: string, stepIndex: number): Promise<void> {
  if (pool === undefined) throw new Error('dispatchTo comes first');
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ runId, stepIndex, callbackId: runId });
  const answer = await pool.request({ method: 'POST', path: '/dispatch-step', headers, body });
  await answer.body.dump();
  if (answer.statusCode >= 300) throw new Error(`answered ${answer.statusCode}`);
}
