import { parse } from 'yaml';
import { APP_FILES, billingApi, GITOPS, gitopsFiles, overlay, overlayPath } from '../testing/world';
import { writeYaml } from './subject';
import { APP, stepWorld } from './testing/step-world';

const OWN = { ...APP_FILES, 'charts/billing-api/values-dev.yaml': 'a: 1\n' };

/** The world after this was changed in the overlay of dev. */
function changed(from: string | RegExp, to: string): ReturnType<typeof stepWorld> {
  const text = overlay('dev').replace(from, to);
  expect(text).not.toBe(overlay('dev'));
  return stepWorld({ ...gitopsFiles(), [overlayPath('dev')]: text }, OWN);
}

const releaseName = 'releaseName: billing-api';

test.each([
  [
    'another values file',
    'valueFiles: [theirs.yaml]',
    'valueFiles ["theirs.yaml"], not only values-dev.yaml',
  ],
  ['one more values file', 'valueFiles: [theirs.yaml, values-dev.yaml]', 'not only values-dev.yaml'],
  ['parameters beside it', 'valueFiles: [values-dev.yaml]', 'sets helm.parameters beside values-dev.yaml'],
  ['an object of values', 'valuesObject: { a: 1 }', 'uses helm.valuesObject'],
  ['parameters from files', 'fileParameters: []', 'uses helm.fileParameters'],
])('swap-chart leaves no half of a deployment: %s', async (_, line, message) => {
  const { run, edited } = changed(releaseName, line);
  await expect(run('swap-chart', { env: 'dev' })).rejects.toThrow(message);
  expect(await edited()).toEqual([]);
});

test('swap-chart goes on where only our values file is used', async () => {
  const { run, read } = changed(
    / {6}parameters:[^]*?(?= {6}releaseName)/,
    '      valueFiles: [values-dev.yaml]\n',
  );
  await run('swap-chart', { env: 'dev' });
  expect(await read(GITOPS, overlayPath('dev'))).toContain('chart: billing-api ');
});

test.each([
  ['an alias', 'chart: generic-app ', 'chart: *c ', 'spec.source.chart is the alias *c'],
  ['an anchor', 'targetRevision: ', 'targetRevision: &v ', 'spec.source.targetRevision holds the anchor &v'],
])('swap-chart names what it would change elsewhere: %s', async (_, from, to, message) => {
  const text = overlay('dev')
    .replace('    team:', '    c: &c generic-app\n    team:')
    .replace(from, to)
    .concat(to.includes('&v') ? 'other: *v\n' : '');
  const files = { ...gitopsFiles(), [overlayPath('dev')]: text };
  const { run, edited } = stepWorld(files, OWN, billingApi());
  await expect(run('swap-chart', { env: 'dev' })).rejects.toThrow(message);
  expect(await edited()).toEqual([]);
});

test('inline values that are no text are refused, not left out', async () => {
  const { run } = changed(releaseName, 'values: { a: 1 }');
  await expect(run('generate-app-chart')).rejects.toThrow('helm.values is not a text');
});

test('a document marker in inline values is no part of the generated ones', async () => {
  const { run, read } = stepWorld({
    ...gitopsFiles(),
    [overlayPath('dev')]: overlay('dev').replace(releaseName, 'values: |\n        ---\n        a: 1\n'),
  });
  await run('generate-app-chart');
  expect(parse((await read(APP, 'charts/billing-api/values-dev.yaml')) ?? '')).toMatchObject({
    'generic-app': { a: 1, replicaCount: 3 },
  });
});

test('no step writes what no program could load', async () => {
  const { run, edited } = stepWorld(
    { ...gitopsFiles(), [overlayPath('dev')]: `${overlay('dev')}---\nother: [\n` },
    OWN,
    billingApi(),
  );
  await expect(run('disable-sync-prune', { env: 'dev' })).rejects.toThrow('not valid YAML');
  expect(await edited()).toEqual([]);
});

test.each(['a: [', 'a: *gone\n', 'a: 1\n---\nb: c: d\n'])('%j is never written', async (text) => {
  const { context, edited } = stepWorld();
  await expect(writeYaml(context, APP, 'x.yaml', text)).rejects.toThrow('x.yaml would be not valid YAML');
  expect(await edited()).toEqual([]);
});
