export { connectTemporal } from './connect';
export type { TemporalConnection, TemporalOptions } from './connect';
export * from './execution-catalog';
export * from './reconciler';
export * from './store-memory';
export * from './temporal-engine';
export * from './temporal-probe';
