/** Light, dark, or as the machine prefers. */
import { remember, remembered } from './store';

export type Theme = 'auto' | 'light' | 'dark';

const read = (): Theme => {
  const kept = remembered('theme');
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
};

export const theme = $state<{ choice: Theme }>({ choice: read() });

export function applyTheme(): void {
  const root = document.documentElement;
  if (theme.choice === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = theme.choice;
}

export function chooseTheme(choice: Theme): void {
  theme.choice = choice;
  remember('theme', choice === 'auto' ? null : choice);
  applyTheme();
}
