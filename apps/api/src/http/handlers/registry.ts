import type { Service } from '../../service/service';
import { normaliseAnnouncement, normaliseEvent } from '../dialects';
import { endpoint } from '../endpoint';
import { announcementToDomain, eventToDomain } from '../to-domain';
import { migrationToWire } from '../to-wire';

/** What migrators tell Loom. */
export function registryHandlers(service: Service) {
  return {
    announceMigration: endpoint(
      'announceMigration',
      async ({ body }, caller) => {
        const migration = await service.announce(announcementToDomain(body), caller);
        return { status: 200, body: migrationToWire(migration) };
      },
      { normalise: normaliseAnnouncement },
    ),

    raiseEvent: endpoint(
      'raiseEvent',
      async ({ path, body }, caller) => {
        const { runAttempt, attempt } = body;
        await service.raiseEvent({
          callbackId: path.callbackId,
          event: eventToDomain(body),
          attempts: {
            ...(runAttempt === undefined ? {} : { runAttempt }),
            ...(attempt === undefined ? {} : { attempt }),
          },
          by: caller,
        });
        return { status: 202, body: { status: 'event raised' } };
      },
      { normalise: normaliseEvent },
    ),
  };
}
