// The test migrator: a process of its own, which none of the faults touches.
import { openLedgerFile } from './ledger-file';
import { createReporter } from './reporter';
import { serveMigrator } from './server';
import { createStorm } from './storm';

const [ledgerPath = '', apis = ''] = process.argv.slice(2);
const ledger = openLedgerFile(ledgerPath);
const reporter = createReporter(apis.split(','), ledger);
const random = Math.random;
const port = await serveMigrator({ ledger, reporter, storm: createStorm(reporter, random), random });
console.log(JSON.stringify({ kind: 'listening', url: `http://127.0.0.1:${port}` }));
