import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

const ROOT = join(__dirname, '../../..');
const PROGRAMS = ['api', 'orchestrator-worker', 'sample-migrator'];
type Shape = Record<string, z.ZodType>;

/** Computed paths: nothing else may import an app, and this only compares names. */
async function load<T>(path: string): Promise<T> {
  return (await import(join(ROOT, path))) as T;
}

async function shapes(): Promise<Record<string, Shape>> {
  const read = async (app: string): Promise<[string, Shape]> => {
    const { environment } = await load<{ environment: z.ZodObject<Shape> }>(`apps/${app}/src/config.ts`);
    return [app, environment.shape];
  };
  return Object.fromEntries(await Promise.all(PROGRAMS.map(read)));
}

async function portVariables(): Promise<Record<string, string>> {
  const { PORT_VARIABLES } = await load<{ PORT_VARIABLES: Record<string, [string, number]> }>(
    'tools/start/src/settings.ts',
  );
  return Object.fromEntries(Object.values(PORT_VARIABLES).map(([name, port]) => [name, String(port)]));
}

const lines = readFileSync(join(ROOT, '.env.example'), 'utf8').split('\n');
const settings = lines.flatMap((line, at) => {
  const [, name, value = ''] = /^(?:# ?)?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
  return name === undefined
    ? []
    : [{ name, value: value.replace(/^"(.*)"$/, '$1'), line, before: lines[at - 1] ?? '' }];
});

it('names every variable that a program reads, once, and no other', async () => {
  const read = Object.values(await shapes()).flatMap((shape) => Object.keys(shape));
  const expected = new Set([...read, ...Object.keys(await portVariables())]);
  expect(settings.map(({ name }) => name).sort()).toEqual([...expected].sort());
});

it('explains each in the line above it, and sets none', () => {
  for (const { line, before } of settings) {
    expect([line, line.startsWith('# ')]).toEqual([line, true]);
    expect([line, before]).toEqual([line, expect.stringMatching(/^# [A-Z].+\.$/)]);
  }
});

it('shows the default that holds', async () => {
  const examples = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
  const ports = await portVariables();
  for (const [name, port] of Object.entries(ports)) expect([name, examples[name]]).toEqual([name, port]);
  for (const shape of Object.values(await shapes())) {
    for (const [name, schema] of Object.entries(shape)) {
      const fallback = schema.parse(undefined);
      // A port of its own each, and a directory that is the machine's.
      if (fallback === undefined || name === 'PORT' || name === 'MIGRATOR_WORK_DIR') continue;
      expect([name, schema.parse(examples[name])]).toEqual([name, fallback]);
    }
  }
});

it('holds no example that a program would refuse', async () => {
  const examples = Object.fromEntries(settings.map(({ name, value }) => [name, value]));
  for (const shape of Object.values(await shapes())) {
    for (const [name, schema] of Object.entries(shape)) {
      expect([name, schema.safeParse(examples[name]).error?.issues]).toEqual([name, undefined]);
    }
  }
});

describe('the table of the README', () => {
  const READERS: Record<string, string[]> = {
    api: ['api'],
    worker: ['orchestrator-worker'],
    'api, worker': ['api', 'orchestrator-worker'],
    all: PROGRAMS,
  };
  const rows = readFileSync(join(ROOT, 'README.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, names = '', , of = '']) =>
      [...names.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name = '']) => ({ name, of })),
    );

  it('says of every variable of Loom itself which programs read it', async () => {
    const all = await shapes();
    const own = PROGRAMS.filter((app) => app !== 'sample-migrator').flatMap((app) =>
      Object.keys(all[app] ?? {}),
    );
    expect(rows.map(({ name }) => name).sort()).toEqual([...new Set(own)].sort());
    for (const { name, of } of rows) {
      const readers = PROGRAMS.filter((app) => Object.hasOwn(all[app] ?? {}, name));
      expect([name, readers]).toEqual([name, READERS[of]]);
    }
  });
});
