/** Where the person is: `#/items/12` is page `items`, rest `['12']`. The setup code comes as `#setup=CODE`. */

export const PAGES = ['today', 'receipts', 'payments', 'items', 'stock', 'vouchers', 'bank', 'customers', 'terminals', 'days', 'books', 'scanner', 'people', 'settings', 'record'] as const;
export type Page = (typeof PAGES)[number];

function read(hash: string): { page: Page; rest: string[]; query: URLSearchParams } {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first = '', ...rest] = path.split('/').map(decode);
  const page = PAGES.find((name) => name === first) ?? 'today';
  return { page, rest: rest.filter((part) => part !== ''), query: new URLSearchParams(search) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The setup code of the link that the program prints, and takes it out of the address bar. */
export function takeSetupCode(): string {
  const code = new URLSearchParams(location.hash.slice(1)).get('setup');
  if (code === null) return '';
  history.replaceState(null, '', location.pathname + location.search);
  return code;
}

class Route {
  #now = $state(read(location.hash));
  /** A question asked before leaving a form with changes; true lets go. */
  guard: (() => boolean) | null = null;
  #back = false;

  constructor() {
    window.addEventListener('hashchange', (event) => this.#changed(event));
  }

  #changed(event: HashChangeEvent): void {
    if (this.#back) {
      this.#back = false;
      return;
    }
    if (this.guard && !this.guard()) {
      this.#back = true;
      location.replace(event.oldURL);
      return;
    }
    this.guard = null;
    this.#now = read(location.hash);
  }

  get page(): Page {
    return this.#now.page;
  }
  get rest(): string[] {
    return this.#now.rest;
  }
  get query(): URLSearchParams {
    return this.#now.query;
  }

  /** Goes to an address such as `items/12`. */
  go(to: string): void {
    location.hash = `#/${to}`;
  }
}

export const route = new Route();

/** The address of a page, for links. */
export const href = (to: string): string => `#/${to}`;
