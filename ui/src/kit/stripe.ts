/**
 * Data of a magnetic stripe, typed or swiped into whatever has the focus: taken out before anybody sends it.
 * The shop drops it as well (crates/gs1/src/card.rs); here it does not even leave the page.
 */

/**
 * Tracks as a reader types them, with or without their sentinels; a German keyboard turns `;` into `ö` and `=` into `´`. The separator
 * stands right behind the number, and a date behind that: what people write about an article does not look so.
 */
const TRACKS = [/%b\s*(?:\d ?){11,18}\d/i, /[;ö] ?(?:\d[ -]?){11,18}\d[=d´`^][\d=d´`^]/i, /(?<!\d)(?:\d[ -]?){11,18}\d=\d{7,}/, /(?<!\d)(?:\d[ -]?){11,18}\d\^[^^]{2,}\^/];

export function holdsStripe(text: string): boolean {
  return TRACKS.some((track) => track.test(text));
}

/** Empties every field of the page that a stripe is put into, and says so. Gives back how to stop. */
export function dropStripes(dropped: () => void): () => void {
  function oninput(event: Event): void {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || !holdsStripe(field.value)) return;
    // Nobody else gets to see it.
    event.stopImmediatePropagation();
    field.value = '';
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    dropped();
  }
  window.addEventListener('input', oninput, { capture: true });
  return () => window.removeEventListener('input', oninput, { capture: true });
}
