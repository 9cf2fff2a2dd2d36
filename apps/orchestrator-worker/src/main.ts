import { runProgram } from '@loom/platform/telemetry';

await runProgram('orchestrator-worker', () => import('./start'));
