import { setTimeout as wait } from 'node:timers/promises';
import type { Express } from 'express';
import type { HealthProbe, Logger, Tracing } from '@loom/ports';
import { createApp } from './app';
import type { MigratorConfig } from './config';
import { discover } from './discovery/discover';
import { createDiscoverySchedule } from './discovery/schedule';
import type { Quota } from './forge/quota';
import type { LoomClient } from './loom/loom-client';
import { startDeliverer } from './outbox/deliverer';
import type { Forge, GitRepositories, Outbox, WorkIndex, WorkStore } from './ports';
import { createCanceller } from './work/canceller';
import { executeStep } from './work/execute-step';
import { startExecutor } from './work/executor';
import { createPace } from './work/pace';
import { startPoll } from './work/poll';
import { createPullRequests } from './work/pull-requests';
import { createTakeBack } from './work/take-back';

/** The adapters that a migrator runs on; tests bring their own. */
export interface MigratorAdapters {
  store: WorkStore & WorkIndex;
  outbox: Outbox;
  forge: Forge;
  quota: Quota;
  repositories: GitRepositories;
  loom: LoomClient;
  probes: readonly HealthProbe[];
  logger: Logger;
  tracing: Tracing;
  stopping: AbortSignal;
}

/** A migrator at work; what it serves still needs a listener. */
export interface Migrator {
  app: Express;
  /** Begins to announce and discover; call it once the service can be reached. */
  discoverFromNowOn: () => void;
  /** Stops taking on work, and waits for what is under way. */
  stop: () => Promise<void>;
}

const DELIVERIES = 8;
/** Of the poll, in each POLL_INTERVAL_MS: with that of a minute, a good third of what GitHub allows. */
const QUESTIONS = 30;

/** Joins the parts together and starts executing and delivering. */
export function startMigrator(config: MigratorConfig, adapters: MigratorAdapters): Migrator {
  const { store, outbox, forge, repositories, loom, logger, tracing } = adapters;
  const now = (): number => Date.now();
  const { gitopsRepo, chartRegistry, environments, migratorUrl, stepConcurrency } = config;
  const deliverer = startDeliverer({
    outbox,
    store,
    loom,
    logger,
    tracing,
    now,
    random: Math.random,
    concurrency: DELIVERIES,
  });
  // What a request begins goes on with the trace of its own work, not with that of the request.
  const reported = () => tracing.apart(deliverer.nudge);
  const pace = createPace({
    questions: QUESTIONS,
    intervalMs: config.pollIntervalMs,
    scarceUntil: adapters.quota.scarceUntil,
    now,
    wait: (ms, signal) => wait(ms, undefined, { signal }),
  });
  const pullRequests = createPullRequests({
    index: store,
    outbox,
    forge,
    repositories,
    logger,
    now,
    reported,
    turn: pace.turn,
  });
  const stepDeps = {
    store,
    outbox,
    forge,
    repositories,
    pullRequests,
    gitopsRepo,
    chartRegistry,
    logger,
    now,
  };
  const pause = (ms: number) => wait(ms);
  const takeBack = createTakeBack({ store, pullRequests, logger, now, wait: pause });
  const executor = startExecutor({
    store,
    execute: (work) =>
      tracing.span('execute step', { from: work.trace, attributes: { step: work.stepName } }, () =>
        executeStep({ ...stepDeps, takeBack, wait: pause }, work),
      ),
    executed: reported,
    concurrency: stepConcurrency,
    logger,
    now,
  });
  const canceller = createCanceller({ store, pullRequests, quiesce: executor.quiesce, logger, now });
  const poll = startPoll({ look: () => pullRequests.lookAtAll(), intervalMs: config.pollIntervalMs, logger });
  const discovery = createDiscoverySchedule({
    discover: () =>
      discover({
        gitopsRepo,
        chartRegistry,
        environments,
        migratorUrl,
        webUrl: config.forge.gitBase,
        repositories,
        loom,
        logger,
      }),
    intervalMs: config.discoveryIntervalMs,
    logger,
  });
  const app = createApp({
    ...stepDeps,
    webhookSecret: config.forge.webhookSecret,
    dispatchSecrets: config.loom.dispatchSecrets,
    probes: adapters.probes,
    stopping: adapters.stopping,
    discover: discovery.now,
    canceller,
    accepted: () => tracing.apart(executor.nudge),
    tracing,
  });
  return {
    app,
    discoverFromNowOn: discovery.start,
    stop: async () => {
      pace.stop();
      // All at once: none is to begin anything while another one ends. The deliverer takes what they still report.
      await Promise.all([discovery.stop(), poll.stop(), canceller.stop(), executor.stop()]);
      await deliverer.stop();
    },
  };
}
