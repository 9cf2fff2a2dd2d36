import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CYCLE = { 'a.ts': "import { b } from './b';\nexport const a = () => b;\n" };
const CHAIN = { 'a.ts': "import { b } from './b';\nexport const a = b;\n" };
const BACK = "import { a } from './a';\nexport const b = () => a;\n";
const END = 'export const b = 1;\n';
const KNIP_LIMIT_MS = 60_000;

/** What our settings of knip do not hold: files that import each other are refused, and others are not. */
export async function brokenCycleClaims(): Promise<string[]> {
  const [ofCycle, ofChain] = await Promise.all([
    refusal({ ...CYCLE, 'b.ts': BACK }),
    refusal({ ...CHAIN, 'b.ts': END }),
  ]);
  return [
    ...(ofCycle?.includes('a.ts') === true ? [] : ['two files that import each other are allowed']),
    ...(ofChain === undefined ? [] : [`a file that imports another is refused: ${ofChain}`]),
  ];
}

/** What knip says of a project with these files and the settings of ours; undefined when it has nothing against it. */
async function refusal(files: Record<string, string>): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'loom-cycles-'));
  try {
    const { include, rules } = JSON.parse(await readFile('knip.json', 'utf8')) as Record<string, unknown>;
    const settings = { include, rules, entry: ['a.ts'] };
    await writeFile(join(directory, 'package.json'), '{ "name": "fixture", "type": "module" }');
    await writeFile(join(directory, 'knip.json'), JSON.stringify(settings));
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return await knip(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function knip(directory: string): Promise<string | undefined> {
  const args = ['node_modules/knip/bin/knip.js', '--no-progress', '--directory', directory];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: KNIP_LIMIT_MS }, (error, stdout, stderr) => {
      resolve(error === null ? undefined : `${stdout}${stderr}`);
    });
  });
}
