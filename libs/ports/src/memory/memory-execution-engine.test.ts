import { executionEngineContract } from '../contract/execution-engine';
import { MemoryExecutionEngine } from './memory-execution-engine';

executionEngineContract('MemoryExecutionEngine', () => {
  const engine = new MemoryExecutionEngine();
  return Promise.resolve({
    engine,
    close: (runId) => {
      engine.close(runId);
      return Promise.resolve();
    },
  });
});
