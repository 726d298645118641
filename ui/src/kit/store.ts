/** Small choices of this one device (theme, language, sounds). Nothing that matters lies here. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`tresen.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`tresen.${key}`);
    else localStorage.setItem(`tresen.${key}`, value);
  } catch {
    // A browser without storage forgets the choice; nothing else is lost.
  }
}
