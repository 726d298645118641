/** "Anna Berger" → "AB", for the round mark beside a name. */
export const initials = (name: string): string =>
  name.split(/[\s.-]+/).filter(Boolean).map((part) => part[0]?.toUpperCase() ?? '').slice(0, 2).join('');
