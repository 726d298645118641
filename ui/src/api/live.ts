/** Server-sent events that come back by themselves. */
export interface Live {
  close(): void;
}

/**
 * Listens to an event stream. `onState` says whether the line stands; after a break the stream is opened
 * again with growing pauses, and the shop sends the present state first.
 */
export function listen(
  path: string, handlers: Record<string, (data: unknown) => void>, onState: (up: boolean) => void = () => {},
): Live {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = 500;
  let ended = false;

  const open = (): void => {
    source = new EventSource(`/api/v1${path}`);
    source.onopen = () => {
      wait = 500;
      onState(true);
    };
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse((event as MessageEvent<string>).data)));
    }
    source.onerror = () => {
      onState(false);
      source?.close();
      if (ended) return;
      clearTimeout(timer);
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, 8_000);
    };
  };
  open();
  return {
    close: () => {
      ended = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
