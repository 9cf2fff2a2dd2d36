import type { ServerResponse } from 'node:http';
import type { DispatchRequest } from '@loom/ports';
import type { Dispatcher } from 'undici';
import { allowAll, createEgressAgent } from '../egress';
import type { EgressOptions } from '../egress';
import { startMigrator } from './migrator';
import type { Received, TestMigrator } from './migrator';

/** Starts migrators and agents for a test, and ends all of them with `close`. */
export function testParts() {
  const migrators: TestMigrator[] = [];
  const agents: Dispatcher[] = [];
  return {
    async migrator(answer: (response: ServerResponse, call: Received) => void): Promise<TestMigrator> {
      const migrator = await startMigrator(answer);
      migrators.push(migrator);
      return migrator;
    },
    agent(options: Partial<EgressOptions> = {}): Dispatcher {
      const agent = createEgressAgent({ policy: allowAll, ...options });
      agents.push(agent);
      return agent;
    },
    async close(): Promise<void> {
      await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
      await Promise.all(migrators.splice(0).map((migrator) => migrator.close()));
    },
  };
}

export const request: DispatchRequest = {
  runId: 'm1__c1',
  migrationId: 'm1',
  runAttempt: 2,
  stepIndex: 1,
  attempt: 3,
  stepName: 'generate-chart',
  type: 'render',
  config: { chart: 'base' },
  candidate: {
    id: 'c1',
    kind: 'service',
    metadata: { team: 'core', region: 'eu' },
    state: { chart: 'none' },
    files: [
      { name: 'app', repo: 'acme/app', files: [{ path: 'a.yaml', url: 'https://git.example/a.yaml' }] },
    ],
  },
  inputs: { region: 'us', tier: 'gold' },
  migratorApp: 'chart-migrator',
  migratorUrl: '',
  callbackId: 'm1__c1~2~1~3~k1~c2VjcmV0LW1hYw',
  callbackUrl: 'https://loom.example/event/m1__c1~2~1~3~k1~c2VjcmV0LW1hYw',
};

/** The MAC in `request.callbackId`. */
export const MAC = 'c2VjcmV0LW1hYw';
