import { html } from './html';
import { layout } from './layout';

/** What a browser shows for a refusal. */
export const errorPage = (status: number, message: string): string =>
  layout(
    message,
    html`<h1>${message}</h1>
      <p class="lead">${status} · <a href="/">all repositories</a></p>`,
  );
