export * from './connect-redis';
export * from './create-redis-stores';
export type { RedisClient } from './guard';
export * from './redis-probe';
