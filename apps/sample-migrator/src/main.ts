import { runProgram } from '@loom/platform/telemetry';

await runProgram('sample-migrator', () => import('./start'));
