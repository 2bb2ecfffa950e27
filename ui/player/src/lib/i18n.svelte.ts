// Two languages from message files. A message is text with {names}; one that is missing falls back to English. English comes with
// the page, others are fetched when they are wanted.

import en from '../messages/en.json';
import { decimal, money as formatted } from './money';
import { load, save } from './store';

export type Key = keyof typeof en;
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

type Book = Partial<Record<Key, string>>;
const fetched: Record<Language, () => Promise<{ default: Book }>> = { en: () => Promise.resolve({ default: en }), de: () => import('../messages/de.json') };

function preferred(): Language {
  const kept = load('language', (json) => String(json));
  const wanted = kept ?? navigator.language.slice(0, 2);
  return wanted in languages ? (wanted as Language) : 'en';
}

class Words {
  language = $state<Language>('en');
  book = $state.raw<Book>(en);

  /** The language that is kept or that the browser asks for; English if it can't be fetched. */
  start(): Promise<void> {
    return this.turnTo(preferred()).catch(() => undefined);
  }

  async choose(language: Language): Promise<void> {
    await this.turnTo(language);
    save('language', language);
  }

  private async turnTo(language: Language): Promise<void> {
    this.book = (await fetched[language]()).default;
    this.language = language;
    document.documentElement.lang = language;
  }
}

export const words = new Words();

export function t(key: Key, values: Record<string, string | number | bigint> = {}): string {
  const text = words.book[key] ?? en[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A message for a code that a server may have invented since. */
export function coded(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return key in en ? t(key as Key) : t('refusal.other', { code });
}

/** The language as the browser's own region writes it, if it is the browser's language. */
function locale(): string {
  return navigator.language.startsWith(words.language) ? navigator.language : words.language;
}

export function money(minor: bigint, currency: string, signed = false): string {
  return formatted(minor, currency, locale(), signed);
}

/** An amount without its currency and without empty decimals, as on a chip. */
export function figure(minor: bigint, currency: string): string {
  const point = new Intl.NumberFormat(locale()).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  return decimal(minor, currency).replace(/\.0+$/, '').replace('.', point);
}

export function time(ms: bigint | number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'short', timeStyle: 'medium' }).format(Number(ms));
}
