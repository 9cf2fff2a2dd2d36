import { forbiddenAddress, forbiddenName } from './addresses';
import { migratorEndpoint, migratorUrlProblem } from './migrator-url';

describe('forbidden addresses', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '169.254.170.2',
    'fe80::1',
    'febf::1',
    'fd00:ec2::254',
    'fd20:ce::254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '',
    'localhost',
  ])('refuses %j', (address) => expect(forbiddenAddress(address)).toEqual(expect.any(String)));

  it.each([
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '192.168.1.1',
    '100.100.100.201',
    '169.253.255.255',
    'fd00::1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
  ])('leaves %s to the policy', (address) => expect(forbiddenAddress(address)).toBeUndefined());

  it('knows metadata services by name, in any case and with a trailing dot', () => {
    expect(forbiddenName('Metadata.Google.Internal.')).toEqual(expect.any(String));
    expect(forbiddenName('metadata.example')).toBeUndefined();
  });
});

describe('migrator URLs', () => {
  it.each([
    ['http://[::ffff:169.254.169.254]/', 'is not allowed'],
    ['http://[::ffff:a9fe:a9fe]/', 'is not allowed'],
    ['http://2852039166/', 'is not allowed'],
    ['http://0xa9fea9fe/', 'is not allowed'],
    ['http://0251.0376.0251.0376/', 'is not allowed'],
    ['http://169.254.43518/', 'is not allowed'],
    ['http://①⑥⑨.254.169.254/', 'is not allowed'],
    ['http://METADATA.google.internal/', 'is not allowed'],
    ['http://u:p@169.254.169.254/', 'is not allowed'],
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['not a url', 'is malformed'],
    ['http://', 'is malformed'],
    ['http://host:99999', 'is malformed'],
    ['/dispatch', 'is malformed'],
    ['ftp://host', 'is not an http or https URL'],
    ['file:///etc/passwd', 'is not an http or https URL'],
    ['localhost:3001', 'is not an http or https URL'],
    ['http://%ff@host', 'has malformed credentials'],
  ])('%j %s', (url, problem) => expect(migratorUrlProblem(url)).toContain(problem));

  it('moves credentials into a header and keeps base path and query', () => {
    const endpoint = migratorEndpoint('https://loom:p%40ss@host:8443/base/?a=1#x', '/dry-run');
    expect(endpoint).toMatchObject({
      url: new URL('https://host:8443/base/dry-run?a=1'),
      origin: 'https://host:8443',
      authorization: `Basic ${Buffer.from('loom:p@ss').toString('base64')}`,
    });
  });
});
