import { main } from '../main';
import { startTelemetry, type Telemetry } from './telemetry';

/**
 * Runs a program: telemetry first, then what `load` brings. The program must be loaded by `load` (a dynamic import)
 * and nowhere else, since what was loaded before telemetry cannot be observed any more.
 */
export async function runProgram(
  service: string,
  load: () => Promise<{ start: (telemetry: Telemetry) => Promise<void> }>,
): Promise<void> {
  await main(async () => {
    const telemetry = await startTelemetry(service);
    const { start } = await load();
    await start(telemetry);
  });
}
