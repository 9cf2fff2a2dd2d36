import type { Stores } from '../stores';

/** Stores that hold nothing yet, and how to leave nothing behind. */
export interface StoresUnderTest extends Stores {
  cleanup: () => Promise<void>;
}

/** Makes empty stores. `streamLength`: about how many entries each stream holds. */
export type MakeStores = (options?: { streamLength?: number }) => Promise<StoresUnderTest>;

/** Empty stores for each test of the surrounding `describe`; read the fields only inside tests. */
export function useStores(make: MakeStores, options?: { streamLength?: number }): Stores {
  let current: StoresUnderTest | undefined;
  beforeEach(async () => {
    current = await make(options);
  });
  afterEach(async () => {
    await current?.cleanup();
    current = undefined;
  });
  const now = () => {
    if (current === undefined) throw new Error('stores exist only inside tests');
    return current;
  };
  return {
    get migrations() {
      return now().migrations;
    },
    get reach() {
      return now().reach;
    },
    get candidates() {
      return now().candidates;
    },
    get runs() {
      return now().runs;
    },
    get reader() {
      return now().reader;
    },
    get ledger() {
      return now().ledger;
    },
    get repair() {
      return now().repair;
    },
    get census() {
      return now().census;
    },
    get statistics() {
      return now().statistics;
    },
    get recovery() {
      return now().recovery;
    },
    get attention() {
      return now().attention;
    },
    get controls() {
      return now().controls;
    },
    get held() {
      return now().held;
    },
    get events() {
      return now().events;
    },
    get audit() {
      return now().audit;
    },
  };
}
