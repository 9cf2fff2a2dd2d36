import type { Service } from '../../service/service';
import { endpoint } from '../endpoint';
import {
  activityToWire,
  burndownToWire,
  failureToWire,
  migrationStatisticsToWire,
  overviewToWire,
} from '../statistics-to-wire';
import { cursorToWire } from '../to-wire';

/** What was counted while it happened. */
export function statisticsHandlers(service: Service) {
  return {
    getStatisticsOverview: endpoint('getStatisticsOverview', async () => {
      return { status: 200, body: overviewToWire(await service.statisticsOverview()) };
    }),

    getTimeline: endpoint('getTimeline', async ({ query }) => {
      const days = await service.timeline(query.days, query.migrationId);
      return { status: 200, body: { days: days.map((day) => ({ day: day.day, ...activityToWire(day) })) } };
    }),

    listFailures: endpoint('listFailures', async ({ query: { migrationId, ...page } }) => {
      const { rows, nextCursor } = await service.failures(page, migrationId);
      return { status: 200, body: { failures: rows.map(failureToWire), ...cursorToWire(nextCursor) } };
    }),

    getMigrationStatistics: endpoint('getMigrationStatistics', async ({ path }) => {
      const body = migrationStatisticsToWire(path.id, await service.migrationStatistics(path.id));
      return { status: 200, body };
    }),

    getBurndown: endpoint('getBurndown', async ({ path, query }) => {
      const days = await service.burndown(path.id, query.days);
      return { status: 200, body: { migrationId: path.id, days: days.map(burndownToWire) } };
    }),
  };
}
