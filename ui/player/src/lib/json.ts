// JSON with 64-bit integers: a whole number beyond 2^53 is read as a BigInt, and BigInts are written as plain digits.
// Cost: about ten times JSON.parse, so texts without long numbers go through JSON.parse. Throws SyntaxError on bad text.

export type Json = null | boolean | number | bigint | string | Json[] | { [key: string]: Json };

/** Sixteen digits in a row outside of a string may exceed 2^53. Long digits inside of strings only cost time. */
const MAY_BE_LONG = /\d{16}/;

export function readJson(text: string): Json {
  return MAY_BE_LONG.test(text) ? new Reader(text).whole() : (JSON.parse(text) as Json);
}

export function writeJson(value: Json | undefined): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${writeJson(item)}`).join(',')}}`;
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const SPACE = /[ \t\r\n]*/y;
const MAX_DEPTH = 64;

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  whole(): Json {
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) this.fail();
    return value;
  }

  private fail(): never {
    throw new SyntaxError(`not JSON at character ${this.at}`);
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  private space(): void {
    this.match(SPACE);
  }

  private takes(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private value(depth: number): Json {
    if (depth > MAX_DEPTH) this.fail();
    this.space();
    const next = this.text[this.at];
    if (next === '{') return this.object(depth);
    if (next === '[') return this.list(depth);
    if (next === '"') return this.string();
    for (const [word, value] of [['true', true], ['false', false], ['null', null]] as const) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.number();
  }

  private string(): string {
    const found = this.match(STRING) ?? this.fail();
    return JSON.parse(found[0]) as string;
  }

  private number(): number | bigint {
    const [whole, fraction, exponent] = this.match(NUMBER) ?? this.fail();
    const value = Number(whole);
    if (fraction === undefined && exponent === undefined && !Number.isSafeInteger(value)) return BigInt(whole);
    return value;
  }

  private list(depth: number): Json[] {
    this.takes('[');
    const items: Json[] = [];
    if (this.takes(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.takes(','));
    if (!this.takes(']')) this.fail();
    return items;
  }

  private object(depth: number): { [key: string]: Json } {
    this.takes('{');
    const fields: { [key: string]: Json } = Object.create(null) as { [key: string]: Json };
    if (this.takes('}')) return fields;
    do {
      this.space();
      const key = this.string();
      if (!this.takes(':')) this.fail();
      fields[key] = this.value(depth + 1);
    } while (this.takes(','));
    if (!this.takes('}')) this.fail();
    return fields;
  }
}
