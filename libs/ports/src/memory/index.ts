export * from './memory-callback-signer';
export * from './memory-clock';
export * from './memory-dry-runner';
export * from './memory-execution-engine';
export * from './memory-logger';
export * from './memory-metrics';
export * from './memory-migrator-notifier';
export * from './memory-stores';
