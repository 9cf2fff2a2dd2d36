import { APP_FILES, basePath, BASE, GITOPS, gitopsFiles, overlay, overlayPath } from '../testing/world';
import { APP, stepWorld } from './testing/step-world';

const VALUES = 'charts/billing-api/values-dev.yaml';

/** The world with an overlay of dev whose parameters are these lines. */
function withParameters(parameters: string, more = ''): Record<string, string> {
  const text = overlay('dev').replace(/ {6}parameters:[^]*?(?= {6}releaseName)/, `${parameters}\n${more}`);
  return { ...gitopsFiles(), [overlayPath('dev')]: text };
}

const PARAMETERS = `      parameters: # ours
        # about
        # the image
        - name: image.tag # by name
          # mid
          value: "1" # bumped
        - { name: a, value: b } # in braces

        # about the list
        - # dash
          name: list
          value: "{x,y}" # both
        - name: image.tag2
          value: |
            x # no comment
            y
        # trailing
`;

test('comments of a parameter stand at its key in the values file', async () => {
  const { run, read } = stepWorld(withParameters(PARAMETERS));
  await run('generate-app-chart');
  expect(await read(APP, VALUES)).toBe(`# Values of billing-api in dev.
# ours
# trailing
generic-app:
  image:
    # about
    # the image
    # mid
    # by name
    # bumped
    tag: 1
    tag2: |
      x # no comment
      y
  a: b # in braces
  # about the list
  # dash
  # both
  list:
    - x
    - y
`);
  await run('swap-chart', { env: 'dev' });
  const helm = (await read(GITOPS, overlayPath('dev')))?.split('    helm:\n')[1];
  expect(helm).toContain(`      # what differs in dev
      valueFiles:
        - values-dev.yaml

      releaseName: billing-api
`);
});

test('comments that the values file of the team does not hold stay in the overlay', async () => {
  const own = { ...APP_FILES, [VALUES]: 'a: 1 # bumped by CI\n' };
  const { run, read } = stepWorld(gitopsFiles(), own);
  await run('swap-chart', { env: 'dev' });
  const text = await read(GITOPS, overlayPath('dev'));
  expect(text).toContain('      # what differs in dev\n      # never below two\n      valueFiles:\n');
  expect(text).not.toContain('bumped by CI');
});

test('comments of inline values that parameters are merged into stay', async () => {
  const inline = '      values: | # inline\n        # one\n        image: # two\n          tag: 1 # three\n';
  const { run, read } = stepWorld(withParameters(PARAMETERS, inline));
  await run('generate-app-chart');
  const text = (await read(APP, VALUES)) ?? '';
  for (const comment of ['inline', 'one', 'two', 'three', 'bumped', 'mid']) {
    expect(text.split('\n').filter((line) => line.includes(`# ${comment}`))).toHaveLength(1);
  }
  await run('swap-chart', { env: 'dev' });
  expect(await read(GITOPS, overlayPath('dev'))).not.toContain('inline');
});

const COMMENTED = BASE.replace(
  '  source:\n    helm:\n',
  '  # above\n  source:\n    # RULE\n    helm:\n',
).replace('  destination:', '      # behind values\n    # behind helm\n  # of destination\n  destination:');
const CLEANED = COMMENTED.replace(/ {2}source:[^]*?(?= {2}# of destination)/, '');

test('cleanup-common takes what the chart says now, and leaves no orphan', async () => {
  const { run, read } = stepWorld({ ...gitopsFiles(), [basePath]: COMMENTED });
  await run('generate-app-chart');
  expect(await read(APP, 'charts/billing-api/values.yaml')).toContain(
    'environment.\n# RULE\n# common values\n# behind values\n# behind helm\ngeneric-app:\n',
  );
  await run('cleanup-common');
  expect(await read(GITOPS, basePath)).toBe(CLEANED);
});

test('cleanup-common keeps what the chart does not say', async () => {
  const own = { ...APP_FILES, 'charts/billing-api/values.yaml': '# RULE\n# behind helm\na: 1\n' };
  const { run, read } = stepWorld({ ...gitopsFiles(), [basePath]: COMMENTED }, own);
  await run('cleanup-common');
  expect(await read(GITOPS, basePath)).toBe(
    CLEANED.replace('  # above\n', '  # above\n  # common values\n  # behind values\n'),
  );
});

test('no blank line is left between helm and its first key', async () => {
  const inline = '    helm:\n      values: |\n        a: 1\n\n      parameters:\n';
  const text = overlay('dev').replace(/ {4}helm:\n.*\n {6}parameters:\n/, inline);
  const { run, read } = stepWorld({ ...gitopsFiles(), [overlayPath('dev')]: text });
  await run('generate-app-chart');
  await run('swap-chart', { env: 'dev' });
  expect(await read(GITOPS, overlayPath('dev'))).toContain('    helm:\n      valueFiles:\n');
});
