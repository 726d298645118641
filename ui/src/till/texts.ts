import { catalogue } from '../i18n/language.svelte';
import { till as de } from './texts.de';
import { till as en } from './texts.en';

export const till = catalogue(de, en);
