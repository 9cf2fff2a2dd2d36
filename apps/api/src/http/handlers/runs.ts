import { requireAdmin } from '@loom/domain';
import type { Service } from '../../service/service';
import type { Caller } from '../audit-context';
import { endpoint, type Reply } from '../endpoint';
import { idempotency } from '../idempotency';
import type { Input } from '../validate';

const KEY = 'Idempotency-Key';

/** What an operator does with the run of one candidate. */
export function runHandlers(service: Service) {
  const start =
    (operation: 'startCandidate' | 'executeCandidate') =>
    async (
      { path, header, body }: Input<'startCandidate' | 'executeCandidate'>,
      caller: Caller,
    ): Promise<Reply> => {
      if (body.attempt !== undefined) requireAdmin(caller.actor);
      const started = await service.start({
        ...addressOf(path),
        ...(body.attempt === undefined ? {} : { attempt: body.attempt }),
        inputs: body.inputs ?? {},
        from: operation === 'startCandidate' ? 'not_started_or_queued' : 'queued',
        by: caller,
        ...idempotency(header[KEY], caller, operation, [path, body]),
      });
      return { status: 202, body: started };
    };

  return {
    startCandidate: endpoint('startCandidate', start('startCandidate')),
    executeCandidate: endpoint('executeCandidate', start('executeCandidate')),

    queueCandidate: endpoint('queueCandidate', async ({ path, header, body }, caller) => {
      const queued = await service.queue({
        ...addressOf(path),
        inputs: body.inputs ?? {},
        by: caller,
        ...idempotency(header[KEY], caller, 'queueCandidate', [path, body]),
      });
      return { status: 202, body: queued };
    }),

    dequeueCandidate: endpoint('dequeueCandidate', async ({ path }, caller) => {
      await service.dequeue(addressOf(path), caller);
      return { status: 204 };
    }),

    cancelCandidate: endpoint('cancelCandidate', async ({ path, body }, caller) => {
      await service.cancel({ ...addressOf(path), by: { ...caller, ...body } });
      return { status: 204 };
    }),

    resetCandidate: endpoint('resetCandidate', async ({ path, body }, caller) => {
      await service.reset({ ...addressOf(path), by: { ...caller, ...body } });
      return { status: 204 };
    }),

    retryStep: endpoint('retryStep', async ({ path, header, body }, caller) => {
      await service.retry({
        ...addressOf(path),
        ...body,
        by: caller,
        ...idempotency(header[KEY], caller, 'retryStep', [path, body]),
      });
      return { status: 202 };
    }),

    updateInputs: endpoint('updateInputs', async ({ path, body }, caller) => {
      await service.updateInputs({ ...addressOf(path), inputs: body.inputs, by: caller });
      return { status: 204 };
    }),
  };
}

function addressOf({ id, cid }: { id: string; cid: string }): { migrationId: string; candidateId: string } {
  return { migrationId: id, candidateId: cid };
}
