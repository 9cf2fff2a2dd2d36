import type { AuditContext } from '@loom/domain';
import type { Service } from '../service/service';

/** The same command, of which `by` may be left out. */
type Unsigned<C> = C extends { by: AuditContext } ? Omit<C, 'by'> & { by?: AuditContext } : never;
type Command<Name extends keyof Service> = Unsigned<Parameters<Service[Name]>[0]>;

/** `service` for tests to which it does not matter who acts: `author` does, where nobody is named. */
export function actingAs(author: AuditContext, service: Service) {
  const by = { by: author };
  return {
    ...service,
    announce: (announcement: Parameters<Service['announce']>[0], who = author) =>
      service.announce(announcement, who),
    submit: (
      migrationId: string,
      candidates: Parameters<Service['submit']>[1],
      who: Parameters<Service['submit']>[2] = author,
    ) => service.submit(migrationId, candidates, who),
    dequeue: (address: Parameters<Service['dequeue']>[0], who = author) => service.dequeue(address, who),
    queue: (command: Command<'queue'>) => service.queue({ ...by, ...command }),
    start: (command: Command<'start'>) => service.start({ ...by, ...command }),
    cancel: (command: Command<'cancel'>) => service.cancel({ ...by, ...command }),
    retry: (command: Command<'retry'>) => service.retry({ ...by, ...command }),
    updateInputs: (command: Command<'updateInputs'>) => service.updateInputs({ ...by, ...command }),
    raiseEvent: (command: Command<'raiseEvent'>) => service.raiseEvent({ ...by, ...command }),
  };
}
