export { allowAll, createEgressAgent } from './egress';
export type { EgressOptions, EgressPolicy } from './egress';
export * from './dry-runner';
export * from './migrator-notifier';
export { migratorUrlProblem } from './migrator-url';
