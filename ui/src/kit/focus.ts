/** Where the keyboard stands. */

/** `{@attach takeFocus}`: the element has the focus as soon as it appears. */
export function takeFocus(node: HTMLElement): void {
  node.focus({ preventScroll: true });
  if (node instanceof HTMLInputElement) node.select();
}

/** A field that takes text. */
export function isField(node: EventTarget | null): node is HTMLInputElement | HTMLTextAreaElement {
  if (node instanceof HTMLTextAreaElement) return true;
  if (node instanceof HTMLSelectElement) return false;
  return node instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range', 'file'].includes(node.type);
}
