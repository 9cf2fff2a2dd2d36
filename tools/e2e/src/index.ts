export { keepAliveClient, type KeepAliveClient } from './keep-alive-client';
export { startLedgerMigrator, type LedgerMigrator } from './ledger-migrator';
export { violations } from './model-check';
export { noteAttempt, OPERATIONS, perform, type Performed } from './random-operations';
export { seeded } from './seeded';
