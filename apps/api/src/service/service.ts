import { createAnnounce } from './announce';
import { createArchive } from './archive';
import { createAudit } from './audit';
import { createCancel } from './cancel';
import { createControls } from './controls';
import type { ServiceDeps } from './deps';
import { createAdmin } from './admin';
import { createDryRun } from './dry-run';
import { createUpdateInputs } from './inputs';
import { createPrune } from './prune';
import { createQueue } from './queue';
import { createRaiseEvent } from './raise-event';
import { createReads } from './reads';
import { createReset } from './reset';
import { createRetry } from './retry';
import { createStart } from './start';
import { createStatistics } from './statistics';
import { createSubmit } from './submit';
import { createWatch } from './watch';

/** Every use case of the api, over ports. */
export function createService(deps: ServiceDeps) {
  return {
    ...createReads(deps),
    ...createQueue(deps),
    ...createAudit(deps),
    ...createStatistics(deps),
    ...createAdmin(deps),
    ...createControls(deps),
    ...createArchive(deps),
    announce: createAnnounce(deps),
    submit: createSubmit(deps),
    prune: createPrune(deps),
    start: createStart(deps),
    cancel: createCancel(deps),
    reset: createReset(deps),
    retry: createRetry(deps),
    updateInputs: createUpdateInputs(deps),
    raiseEvent: createRaiseEvent(deps),
    dryRun: createDryRun(deps),
    watch: createWatch(deps),
  };
}

export type Service = ReturnType<typeof createService>;
