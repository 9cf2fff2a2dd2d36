import { outboxContract } from '../contract/outbox-contract';
import { workStoreContract } from '../contract/work-store-contract';
import { createMemoryOutbox } from './memory-outbox';
import { createMemoryWorkStore } from './memory-work-store';

workStoreContract('memory', () => Promise.resolve(createMemoryWorkStore()));
outboxContract('memory', () => Promise.resolve(createMemoryOutbox()));
