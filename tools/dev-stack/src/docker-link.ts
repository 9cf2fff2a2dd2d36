import { type Attempt } from './chain';
import { type Probes } from './probes';
import { type Program } from './program';

const ENGINE_LIMIT_MS = 3_000;
const INSPECT_LIMIT_MS = 10_000;
const PULL_LIMIT_MS = 10 * 60_000;

/** An image on a Docker engine that answers; it is pulled when it is not there yet. */
export async function fromDocker(probes: Probes, image: string): Promise<Attempt<Program>> {
  const { which, run, report } = probes;
  if ((await which('docker')) === undefined) return { passed: 'no docker command on PATH' };
  const engine = await run('docker', ['info', '--format', '{{.ServerVersion}}'], {
    timeoutMs: ENGINE_LIMIT_MS,
  });
  if (engine.code !== 0) return { passed: 'no Docker engine answers' };
  const found = { found: { kind: 'docker', image } as const, says: `the image ${image}, with Docker` };
  const present = await run('docker', ['image', 'inspect', image], { timeoutMs: INSPECT_LIMIT_MS });
  if (present.code === 0) return found;
  report(`pulling ${image}`);
  const pulled = await run('docker', ['pull', '--quiet', image], {
    timeoutMs: PULL_LIMIT_MS,
    onTick: (seconds) => {
      report(`still pulling ${image} (${seconds} s)`);
    },
  });
  return pulled.code === 0 ? found : { passed: `${image} could not be pulled: ${lastLine(pulled.output)}` };
}

/** The last line that says anything, cut to what fits beside its reason. */
export function lastLine(output: string): string {
  const line =
    output
      .split('\n')
      .filter((text) => text.trim() !== '')
      .at(-1)
      ?.trim() ?? 'it said nothing';
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
