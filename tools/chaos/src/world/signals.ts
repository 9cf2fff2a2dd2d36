import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from '@loom/dev-stack';

/** SIGSTOP to a server's whole process group, and SIGCONT after `ms`. */
export async function freezeServer({ pid }: Server, ms: number): Promise<void> {
  process.kill(-pid, 'SIGSTOP');
  try {
    await pause(ms);
  } finally {
    process.kill(-pid, 'SIGCONT');
  }
}
