import { createBranches } from './repositories/branches';
import { type Clock, systemClock } from './clock';
import type { ForgeConfig } from './config';
import { createContent } from './git/content';
import { createDeliveryLog } from './webhooks/delivery-log';
import { createDiff } from './git/diff';
import { createFacts, createPullDetail } from './repositories/facts';
import { createGit } from './git/git';
import { createHooks } from './webhooks/hooks';
import { createMerger } from './git/merge';
import { eventPayload } from './payloads';
import { createPullSync, type PullEvent } from './repositories/pull-sync';
import { createPulls } from './repositories/pulls';
import { createRepositories } from './repositories/repositories';
import { createWebhooks } from './webhooks/webhooks';

export type ForgeDeps = {
  readonly config: ForgeConfig;
  /** Address of the listener, known once it listens; used in webhooks when no public address is configured. */
  readonly address: () => string;
  /** Told in one line of what went wrong and has no request to be answered. */
  readonly warn: (line: string) => void;
  /** The account that owns the token and makes every merge; `loom` when absent. */
  readonly login?: string;
  readonly clock?: Clock;
  readonly fetch?: typeof fetch;
};

/** Makes everything below HTTP and joins it together. */
export const createServices = (deps: ForgeDeps) => {
  const { config, login = 'loom', clock = systemClock } = deps;
  const { dir } = config;
  const git = createGit({ dir, searchPath: config.searchPath, author: login });
  const repositories = createRepositories({ dir, git, clock });
  const content = createContent({ git });
  const diff = createDiff({ git });
  const facts = createFacts({ repositories });
  const hooks = createHooks({ dir, clock });
  const log = createDeliveryLog({ dir });
  const webhooks = createWebhooks({
    hooks,
    log,
    clock,
    fetch: deps.fetch ?? fetch,
    timeoutMs: config.webhookTimeoutMs,
    drop: config.dropWebhooks,
    warn: deps.warn,
  });

  const publish = (event: PullEvent): void => {
    const { owner, fullName } = event.repository;
    const base = config.publicUrl ?? deps.address();
    webhooks.publish({
      event: 'pull_request',
      action: event.action,
      owner,
      fullName,
      subject: `${fullName}#${event.pull.number}`,
      payload: async () => eventPayload(event, await facts(event.repository), login, { base, api: base }),
    });
  };

  const sync = createPullSync({ git, clock, login, publish });
  const merger = createMerger({ git });
  const pulls = createPulls({ git, clock, login, repositories, content, diff, merger, sync, publish });
  const branches = createBranches({ git, content, repositories, sync });
  const pullDetail = createPullDetail({ pulls, diff });
  return {
    login,
    git,
    repositories,
    content,
    diff,
    facts,
    hooks,
    log,
    webhooks,
    pulls,
    branches,
    pullDetail,
  };
};

export type Services = ReturnType<typeof createServices>;
