import { callForge, findInForge, ForgeAnswerError, type ForgeAccess } from './forge-api';

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
 * the owner cannot have one, by one of each repository. One that is there already is made anew, with the secret of
 * now.
 */
export async function ensureWebhooks(
  access: ForgeAccess,
  owner: string,
  repos: readonly string[],
  target: WebhookTarget,
): Promise<void> {
  const ofOwner = `/orgs/${owner}/hooks`;
  const paths = (await isOpenTo(access, ofOwner)) ? [ofOwner] : repos.map((repo) => `/repos/${repo}/hooks`);
  for (const path of paths) await ensureWebhook(access, path, target);
}

/** An owner may be no organization (404), and a token may have rights to repositories only (403, on GitHub also 404). */
async function isOpenTo(access: ForgeAccess, path: string): Promise<boolean> {
  try {
    return (await findInForge(access, path)) !== undefined;
  } catch (error) {
    if (error instanceof ForgeAnswerError && error.status === 403) return false;
    throw error;
  }
}

async function ensureWebhook(
  access: ForgeAccess,
  path: string,
  { url, secret }: WebhookTarget,
): Promise<void> {
  const hooks = ((await findInForge(access, `${path}?per_page=100&limit=100`)) ?? []) as WireHook[];
  // Gitea changes the address of a webhook on request, but never its secret; GitHub takes no second one of an address.
  for (const { id } of hooks.filter(({ config }) => config?.url === url))
    await callForge(access, 'DELETE', `${path}/${String(id)}`);
  const config = { url, secret, content_type: 'json' };
  await createWebhook(access, path, { name: 'web', config, events: ['pull_request'], active: true });
}

async function createWebhook(access: ForgeAccess, path: string, hook: object): Promise<void> {
  try {
    await callForge(access, 'POST', path, hook);
  } catch (error) {
    // Gitea makes webhooks for many kinds of receivers and wants the kind; GitHub knows no such field.
    if (!(error instanceof ForgeAnswerError) || error.status !== 422 || !/\[Type\]/.test(error.message))
      throw error;
    await callForge(access, 'POST', path, { ...hook, type: 'gitea' });
  }
}
