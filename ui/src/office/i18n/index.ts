/** The office's catalogue: `t().today.refresh`. */
import { catalogue } from '../../i18n/language.svelte';
import { de, type Texts } from './de';
import { en } from './en';

export const t = catalogue<Texts>(de, en);
