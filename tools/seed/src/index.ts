export * from './applications';
export * from './expected-files';
export * from './make-conflict';
export * from './seed-world';
export * from './webhooks';
