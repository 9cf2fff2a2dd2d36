import type * as wire from '@loom/api-types';
import type { RunLimits } from '@loom/domain';
import type { Service } from '../../service/service';
import { endpoint } from '../endpoint';
import { controlsToWire, migrationToWire } from '../to-wire';

/** What operators hold back. */
export function controlHandlers(service: Service) {
  return {
    pauseMigration: endpoint('pauseMigration', async ({ path, body }, caller) => {
      const migration = await service.pauseMigration(path.id, { ...caller, ...body });
      return { status: 200, body: migrationToWire(migration) };
    }),

    resumeMigration: endpoint('resumeMigration', async ({ path }, caller) => {
      return { status: 200, body: migrationToWire(await service.resumeMigration(path.id, caller)) };
    }),

    limitMigration: endpoint('limitMigration', async ({ path, body }, caller) => {
      const migration = await service.limitMigration(path.id, limitsOf(body), caller);
      return { status: 200, body: migrationToWire(migration) };
    }),

    limitAll: endpoint('limitAll', async ({ body }, caller) => {
      return { status: 200, body: controlsToWire(await service.limitAll(limitsOf(body), caller)) };
    }),

    pauseAll: endpoint('pauseAll', async ({ body }, caller) => {
      return { status: 200, body: controlsToWire(await service.pauseAll({ ...caller, ...body })) };
    }),

    resumeAll: endpoint('resumeAll', async (_input, caller) => {
      return { status: 200, body: controlsToWire(await service.resumeAll(caller)) };
    }),

    getControls: endpoint('getControls', async () => {
      return { status: 200, body: controlsToWire(await service.readControls()) };
    }),
  };
}

function limitsOf({ maxRunning }: wire.RunLimitsRequest): RunLimits {
  return maxRunning === null ? {} : { maxRunning };
}
