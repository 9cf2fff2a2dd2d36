// The sole workflow bundle: every workflow type that the worker knows.
export { MigrationOrchestrator } from './migration-orchestrator';
export { ReconcileRuns } from './reconcile-runs';
