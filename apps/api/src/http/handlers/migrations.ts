import type { Service } from '../../service/service';
import { endpoint } from '../endpoint';
import { cancelledToWire, cursorToWire, migrationToWire, viewToWire } from '../to-wire';

/** Migrations, and what is kept of them as a whole. */
export function migrationHandlers(service: Service) {
  return {
    listMigrations: endpoint('listMigrations', async ({ query }) => {
      const { rows, nextCursor } = await service.listMigrations(query);
      return { status: 200, body: { migrations: rows.map(migrationToWire), ...cursorToWire(nextCursor) } };
    }),

    getMigration: endpoint('getMigration', async ({ path, query }) => {
      const view = await service.getMigration(path.id, query.include ?? []);
      return { status: 200, body: viewToWire(view) };
    }),

    archiveMigration: endpoint('archiveMigration', async ({ path, body }, caller) => {
      const migration = await service.archive(path.id, { ...caller, ...body });
      return { status: 200, body: migrationToWire(migration) };
    }),

    unarchiveMigration: endpoint('unarchiveMigration', async ({ path }, caller) => {
      return { status: 200, body: migrationToWire(await service.unarchive(path.id, caller)) };
    }),

    listCancelledAttempts: endpoint('listCancelledAttempts', async ({ path, query }) => {
      const { rows, nextCursor } = await service.cancelledAttempts(path.id, query);
      const body = { cancelledAttempts: rows.map(cancelledToWire), ...cursorToWire(nextCursor) };
      return { status: 200, body };
    }),
  };
}
