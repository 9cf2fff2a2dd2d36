// Makes Temporal's test library fetch the CLI of one version into one directory, and leaves. The library cannot only
// download: it starts a server too, and that may well fail on a slow machine; the caller looks for the file, not for
// this program's success.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [version, downloadDir] = process.argv.slice(2);
try {
  const server = { executable: { type: 'cached-download', version, downloadDir } };
  const environment = await TestWorkflowEnvironment.createLocal({ server });
  await environment.teardown();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
