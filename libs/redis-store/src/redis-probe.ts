import type { HealthProbe } from '@loom/ports';
import { guarded, type RedisClient } from './guard';

/** Whether Redis answers. Bounded by the guard. */
export function redisProbe(redis: RedisClient): HealthProbe {
  return {
    name: 'redis',
    async check() {
      await guarded(redis, async () => {
        // Of a cluster any node answers PING; INFO of the cluster tells whether all slots are served.
        if (!redis.isCluster) {
          await redis.ping();
          return;
        }
        const info = await redis.cluster('INFO');
        if (!info.includes('cluster_state:ok')) throw new Error('CLUSTERDOWN the cluster is not complete');
      });
    },
  };
}
