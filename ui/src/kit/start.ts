/** What every page does first: styles, theme, language; then it shows its root component. */
import '@fontsource-variable/inter/wght.css';
import './tokens.css';
import './base.css';
import { mount, type Component } from 'svelte';
import { applyLanguage } from '../i18n/language.svelte';
import { applyTheme } from './theme.svelte';

export function start(root: Component): void {
  applyTheme();
  applyLanguage();
  const target = document.getElementById('app');
  if (target) mount(root, { target });
}
