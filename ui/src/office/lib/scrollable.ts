/** A table that is wider than its place can be scrolled with the keyboard too. */
export function scrollable(node: HTMLElement): { destroy(): void } {
  const update = (): void => {
    if (node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight + 1) node.tabIndex = 0;
    else node.removeAttribute('tabindex');
  };
  const observer = new ResizeObserver(update);
  observer.observe(node);
  if (node.firstElementChild) observer.observe(node.firstElementChild);
  return { destroy: () => observer.disconnect() };
}
