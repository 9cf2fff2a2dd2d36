import type { Request, Router } from 'express';
import { z } from 'zod';
import type { Delivery, DeliveryLog } from '../webhooks/delivery-log';
import { notFound } from '../errors';
import type { Hook, HookFields, Hooks } from '../webhooks/hooks';
import { isOwner } from '../git/names';
import type { Addresses } from '../payloads';
import type { Repositories } from '../repositories/repositories';
import type { Webhooks } from '../webhooks/webhooks';
import type { AccessControl } from './auth';
import { requestedPage, sendPage } from './paging';
import { body, numberParameter, parameter } from './request';

const url = z.url({ protocol: /^https?$/ }).max(2_000);
const config = z.object({
  url,
  secret: z.string().max(255).nullish(),
  content_type: z.literal('json', 'only json is supported').default('json'),
});
const events = z.array(z.string().max(50)).min(1).max(50);

const newHook = z.object({ config, events: events.default(['push']), active: z.boolean().default(true) });
const changedHook = z.object({
  config: config.partial().optional(),
  events: events.optional(),
  active: z.boolean().optional(),
});

export type HookRouteDeps = {
  readonly access: AccessControl;
  readonly repositories: Repositories;
  readonly hooks: Hooks;
  readonly log: DeliveryLog;
  readonly webhooks: Webhooks;
  readonly addresses: (req: Request) => Addresses;
};

/** What webhooks hang on: a path of the API and the scope it names. */
type Place = {
  readonly path: string;
  /** @throws not-found */
  readonly scope: (req: Request) => Promise<string>;
};

const hookPayload = (hook: Hook, address: string) => ({
  id: hook.id,
  type: hook.scope.includes('/') ? 'Repository' : 'Organization',
  name: 'web',
  active: hook.active,
  events: hook.events,
  config: {
    url: hook.url,
    content_type: 'json',
    insecure_ssl: '0',
    ...(hook.secret !== null && { secret: '********' }),
  },
  created_at: hook.createdAt,
  updated_at: hook.updatedAt,
  url: address,
  deliveries_url: `${address}/deliveries`,
});

const deliveryPayload = (delivery: Delivery) => ({
  id: delivery.id,
  guid: delivery.guid,
  delivered_at: delivery.deliveredAt,
  redelivery: delivery.redelivery,
  duration: delivery.duration,
  status: delivery.status,
  status_code: delivery.statusCode,
  event: delivery.event,
  action: delivery.action,
  url: delivery.url,
});

/** Only the fields a change names; an absent secret keeps the one there is. */
const changesOf = (input: z.infer<typeof changedHook>): Partial<HookFields> => ({
  ...(input.config?.url !== undefined && { url: input.config.url }),
  ...(input.config?.secret !== undefined && { secret: input.config.secret || null }),
  ...(input.events !== undefined && { events: input.events }),
  ...(input.active !== undefined && { active: input.active }),
});

const addHooksAt = (router: Router, deps: HookRouteDeps, place: Place): void => {
  const { hooks, addresses } = deps;
  const all = place.path;
  const one = `${all}/:id`;
  const answer = (req: Request, hook: Hook) => {
    const under = hook.scope.includes('/') ? 'repos' : 'orgs';
    return hookPayload(hook, `${addresses(req).api}/${under}/${hook.scope}/hooks/${hook.id}`);
  };
  const found = async (req: Request): Promise<Hook> =>
    hooks.find(await place.scope(req), numberParameter(req, 'id'));

  // Deliveries hold what was sent, so reading them is not for everyone either.
  router.use(all, deps.access.always);
  router.get(all, async (req, res) => {
    const page = requestedPage(req, await hooks.list(await place.scope(req)));
    sendPage(req, res, addresses(req).base, { ...page, items: page.items.map((hook) => answer(req, hook)) });
  });
  router.post(all, async (req, res) => {
    const input = body(req, 'Hook', newHook);
    const secret = input.config.secret || null;
    const fields = { url: input.config.url, secret, events: input.events, active: input.active };
    res.status(201).json(answer(req, await hooks.create(await place.scope(req), fields)));
  });
  router.get(one, async (req, res) => {
    res.json(answer(req, await found(req)));
  });
  router.patch(one, async (req, res) => {
    const changes = changesOf(body(req, 'Hook', changedHook));
    res.json(answer(req, await hooks.change(await place.scope(req), numberParameter(req, 'id'), changes)));
  });
  router.delete(one, async (req, res) => {
    const hook = await found(req);
    await hooks.remove(hook.scope, hook.id);
    await deps.log.remove(hook.id);
    res.status(204).end();
  });
  addDeliveriesAt(router, deps, one, found);
};

const addDeliveriesAt = (
  router: Router,
  deps: HookRouteDeps,
  path: string,
  found: (req: Request) => Promise<Hook>,
): void => {
  router.get(`${path}/deliveries`, async (req, res) => {
    const page = requestedPage(req, await deps.log.list((await found(req)).id));
    const items = page.items.map(deliveryPayload);
    sendPage(req, res, deps.addresses(req).base, { ...page, items });
  });
  router.get(`${path}/deliveries/:delivery`, async (req, res) => {
    const delivery = await deps.log.read((await found(req)).id, numberParameter(req, 'delivery'));
    const request = { headers: delivery.headers, payload: JSON.parse(delivery.body) as unknown };
    res.json({ ...deliveryPayload(delivery), request });
  });
  router.post(`${path}/deliveries/:delivery/attempts`, async (req, res) => {
    await deps.webhooks.redeliver(await found(req), numberParameter(req, 'delivery'));
    res.status(202).json({});
  });
};

/** Webhooks of repositories and of owners, and the log of their deliveries. */
export const addHookRoutes = (router: Router, deps: HookRouteDeps): void => {
  addHooksAt(router, deps, {
    path: '/repos/:owner/:repo/hooks',
    scope: async (req) =>
      (await deps.repositories.find(parameter(req, 'owner'), parameter(req, 'repo'))).fullName,
  });
  addHooksAt(router, deps, {
    path: '/orgs/:owner/hooks',
    scope: (req) => {
      const owner = parameter(req, 'owner');
      return isOwner(owner) ? Promise.resolve(owner) : Promise.reject(notFound());
    },
  });
};
