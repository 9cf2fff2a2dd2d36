export * from './connect';
export * from './temporal-engine';
export * from './temporal-probe';
