// A separate process that trusts nothing but the bare repositories: compares every application's main branch with
// what stood there before the campaign.
// `tsx tools/start/src/verify.ts <repositories> <applications> <chart version> <registry>`
import { openBareRepository } from './bare-repository';
import { verifyWorld } from './verify-world';

const [repositories, applications, chartVersion, registry] = process.argv.slice(2);
if (
  repositories === undefined ||
  applications === undefined ||
  chartVersion === undefined ||
  registry === undefined
)
  throw new Error('usage: verify <repositories> <applications> <chart version> <registry>');
const findings = await verifyWorld({
  open: (name) => openBareRepository(repositories, name),
  apps: Number(applications),
  chartVersion,
  registry,
});
for (const { app, problems } of findings) for (const problem of problems) console.error(`${app}: ${problem}`);
const wrong = findings.filter(({ problems }) => problems.length > 0);
console.log(
  `${findings.length - wrong.length} of ${findings.length} applications hold exactly the expected change`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
