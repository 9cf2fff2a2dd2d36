// Proves that the import rules hold: each claim is linted as if it stood in the file named, and must be refused (or
// allowed) as ARCHITECTURE.md says. A rule that stops refusing turns this red.
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { CLAIMS, type Claim } from './claims';
import { brokenCycleClaims } from './cycles';

const BOUNDARY_RULES = [
  '@nx/enforce-module-boundaries',
  '@typescript-eslint/no-restricted-imports',
  'no-restricted-properties',
];

/** What the rules say of one claim; type-checked rules are off, since the files do not exist. */
async function holds(eslint: ESLint, { file, line, refused, because = '' }: Claim): Promise<boolean> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: file });
  const messages = result?.messages ?? [];
  const fatal = messages.find((message) => message.fatal);
  if (fatal !== undefined) throw new Error(`${file}: ${fatal.message}`);
  const refusals = messages.filter(({ ruleId }) => BOUNDARY_RULES.includes(ruleId ?? ''));
  return refusals.some(({ message }) => message.includes(because)) === refused;
}

const eslint = new ESLint({
  overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
  cwd: process.cwd(),
});
const broken = await brokenCycleClaims();
for (const claim of CLAIMS) {
  if (await holds(eslint, claim)) continue;
  const should = claim.refused ? 'refused, and is allowed' : 'allowed, and is refused';
  broken.push(`${claim.file}: ${claim.line}\n  should be ${should}`);
}
for (const line of broken) console.error(line);
console.log(`${String(CLAIMS.length + 1 - broken.length)} passed, ${String(broken.length)} failed`);
process.exitCode = broken.length === 0 ? 0 : 1;
