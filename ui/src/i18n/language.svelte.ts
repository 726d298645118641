/**
 * Languages and catalogues. A catalogue is a pair of objects of the same shape; the German one is the
 * pattern, so a text missing in English (or one too many) does not compile:
 *
 *   const de = { hello: 'Guten Tag', left: (n: string) => `noch ${n}` };
 *   const en: typeof de = { hello: 'Hello', left: (n) => `${n} left` };
 *   export const texts = catalogue(de, en);      // in a component: texts().hello
 */
import { remember, remembered } from '../kit/store';

export type Language = 'de' | 'en';

const chosen = (): Language | null => {
  const kept = remembered('language');
  return kept === 'de' || kept === 'en' ? kept : null;
};

export const language = $state<{ current: Language }>({ current: chosen() ?? 'de' });

export function applyLanguage(): void {
  document.documentElement.lang = language.current;
}

/** A person's choice on this device; it wins over the shop's language. */
export function chooseLanguage(next: Language): void {
  language.current = next;
  remember('language', next);
  applyLanguage();
}

/** The shop's language, used until a person has chosen. */
export function shopLanguage(next: Language): void {
  if (chosen() === null && language.current !== next) {
    language.current = next;
    applyLanguage();
  }
}

/** A word that the shop gives in both languages, in the present one. */
export function inLanguage(words: Record<Language, string>): string {
  return words[language.current];
}

/** Texts in the present language; read inside a component or `$derived` they follow the switch. */
export function catalogue<T>(de: T, en: T): () => T {
  return () => (language.current === 'en' ? en : de);
}
