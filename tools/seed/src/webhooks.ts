import { callForge, findInForge, type ForgeAccess } from './forge-api';

/** Where the forge tells of pull requests. */
export interface WebhookTarget {
  url: string;
  secret: string;
}

interface WireHook {
  id: number;
  config?: { url?: string };
}

/**
 * Makes sure that pull requests of all repositories are told to the target: by one webhook of the owner, or, where
 * the owner cannot have one, by one of each repository. A webhook that is there already gets the secret of now.
 */
export async function ensureWebhooks(
  access: ForgeAccess,
  owner: string,
  repos: readonly string[],
  target: WebhookTarget,
): Promise<void> {
  const ofOwner = `/orgs/${owner}/hooks`;
  if ((await findInForge(access, ofOwner)) !== undefined) return ensureWebhook(access, ofOwner, target);
  for (const repo of repos) await ensureWebhook(access, `/repos/${repo}/hooks`, target);
}

async function ensureWebhook(
  access: ForgeAccess,
  path: string,
  { url, secret }: WebhookTarget,
): Promise<void> {
  const hooks = ((await findInForge(access, path)) ?? []) as WireHook[];
  const settings = { config: { url, secret, content_type: 'json' }, events: ['pull_request'], active: true };
  const known = hooks.find(({ config }) => config?.url === url);
  if (known) await callForge(access, 'PATCH', `${path}/${String(known.id)}`, settings);
  else await callForge(access, 'POST', path, { name: 'web', ...settings });
}
