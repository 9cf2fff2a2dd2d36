import { runProgram } from '@loom/platform/telemetry';

await runProgram('api', () => import('./start'));
