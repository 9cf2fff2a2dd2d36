import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { createProcessGroup } from '@loom/dev-stack';
import { APP_NAMES, mainFileOf, providePrograms } from './programs';

it.each(APP_NAMES)('the project of the %s builds the file that is run', (name) => {
  const [, folder, project] =
    /^dist\/(.+\/(.+))\/main\.js$/.exec(relative(process.cwd(), mainFileOf(name))) ?? [];
  const configuration = JSON.parse(readFileSync(`${folder ?? ''}/project.json`, 'utf8')) as {
    name: string;
    targets: { build: { options: { outputPath: string } } };
  };
  expect(configuration.name).toBe(project);
  expect(configuration.targets.build.options.outputPath).toBe(`dist/${folder ?? ''}`);
});

it('where nothing is built, --built is refused with a line that says what to do', async () => {
  const group = createProcessGroup();
  const empty = group.temporaryDirectory('loom-unbuilt-');
  const here = process.cwd();
  process.chdir(empty);
  try {
    const provided = providePrograms({ group, built: true, note: () => undefined });
    await expect(provided).rejects.toThrow(`${empty}/dist/apps/api/main.js is not there: leave --built out`);
  } finally {
    process.chdir(here);
    await group.stopAll();
  }
});
