import { parseArgs } from 'node:util';
import { seedWorld } from './seed-world';

const USAGE = `Fills a forge (the local one, Gitea, GitHub) with applications to be migrated; what is there already stays.
  tsx tools/seed/src/seed.ts [options]
    --forge-url URL        REST API of the forge (FORGE_URL, http://127.0.0.1:3300); of a Gitea, with /api/v1
    --git-url URL          base of clone addresses, where it is another (GITHUB_GIT_URL)
    --token TOKEN          better given as FORGE_TOKEN
    --apps N               how many applications (30)
    --owner NAME           owner of the repositories (acme): an organization that is there, or yourself
    --webhook-url URL      the migrator's webhook (http://127.0.0.1:3001/webhooks/github)
    --webhook-secret TEXT  better given as GITHUB_WEBHOOK_SECRET; no webhook is made without it
`;

async function run(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      'forge-url': text,
      'git-url': text,
      token: text,
      apps: text,
      owner: text,
      'webhook-url': text,
      'webhook-secret': text,
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return void process.stdout.write(USAGE);
  const { env } = process;
  const apps = Number(values.apps ?? '30');
  if (!Number.isSafeInteger(apps) || apps < 1 || apps > 10_000)
    throw new Error('--apps must be a number from 1 to 10000');
  const gitUrl = values['git-url'] ?? env['GITHUB_GIT_URL'];
  const webhookSecret = values['webhook-secret'] ?? env['GITHUB_WEBHOOK_SECRET'];
  const world = await seedWorld({
    forgeUrl: values['forge-url'] ?? env['FORGE_URL'] ?? 'http://127.0.0.1:3300',
    ...(gitUrl === undefined ? {} : { gitUrl }),
    token: values.token ?? env['FORGE_TOKEN'] ?? '',
    apps,
    ...(values.owner === undefined ? {} : { owner: values.owner }),
    ...(webhookSecret === undefined
      ? {}
      : { webhookSecret, webhookUrl: values['webhook-url'] ?? 'http://127.0.0.1:3001/webhooks/github' }),
  });
  const there = world.applications.length + 1 - world.created.length;
  process.stdout.write(
    `seed: ${String(world.applications.length)} applications in ${world.gitopsRepo}; ` +
      `${String(world.created.length)} repositories filled, ${String(there)} left as they are\n`,
  );
}

run().catch((error: unknown) => {
  process.stderr.write(`seed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
