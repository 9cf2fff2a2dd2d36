export * from './forge';
export * from './git-repositories';
export * from './outbox';
export * from './store-error';
export * from './work-store';
export * from './workspace';
