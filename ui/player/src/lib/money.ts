// Minor units as people read them. No floating point: the digits are split, and Intl only sees their text.

const DIGITS: Record<string, number> = { JPY: 0, KRW: 0, CLP: 0, ISK: 0, KWD: 3, BHD: 3, TND: 3, BTC: 8 };

/** Digits after the point of a currency. */
export const exponent = (currency: string): number => DIGITS[currency] ?? 2;

const formats = new Map<string, Intl.NumberFormat>();

function format(locale: string, currency: string, signed: boolean): Intl.NumberFormat {
  const key = `${locale} ${currency} ${signed}`;
  const known = formats.get(key);
  if (known) return known;
  const digits = exponent(currency);
  const made = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: /^[A-Z]{3}$/.test(currency) ? currency : 'XXX',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: signed ? 'exceptZero' : 'auto',
  });
  formats.set(key, made);
  return made;
}

export function decimal(minor: bigint, currency: string): string {
  const digits = exponent(currency);
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return minor < 0n ? `-${whole}` : whole;
}

export function money(minor: bigint, currency: string, locale: string, signed = false): string {
  // A numeric string is formatted exactly, without going through a double.
  // The true minus sign, and a joiner behind either sign, so that no line breaks there.
  return format(locale, currency, signed).format(decimal(minor, currency) as unknown as bigint).replace('-', '\u2212').replace(/^[+\u2212]/, '$&\u2060');
}

/** Minor units of what a person typed, with a comma or a point; null if it is no amount. */
export function parseMoney(text: string, currency: string): bigint | null {
  const found = /^\s*(\d{1,15})(?:[.,](\d+))?\s*$/.exec(text);
  if (!found) return null;
  const digits = exponent(currency);
  const fraction = found[2] ?? '';
  if (fraction.length > digits) return null;
  return BigInt(`${found[1]}${fraction.padEnd(digits, '0')}`);
}
