import { catalogue } from '../i18n/language.svelte';
import { de } from './texts.de';
import { en } from './texts.en';

export const camera = catalogue<typeof de>(de, en);
