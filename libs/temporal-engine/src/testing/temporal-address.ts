/** host:port of the Temporal frontend that this test run owns. */
export function testTemporal(): string {
  const address = process.env['LOOM_TEST_TEMPORAL_HOSTPORT'];
  if (address === undefined || address === '')
    throw new Error('LOOM_TEST_TEMPORAL_HOSTPORT is not set: run through npx nx test-int temporal-engine');
  return address;
}
