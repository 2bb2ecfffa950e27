// Codecs: one value describes a shape of the wire and its TypeScript type. Decoding checks every field that is named and
// ignores fields that a newer server may add; it throws Malformed with the path to what is wrong. Encoding is the inverse.

import type { Json } from '../json';

export class Malformed extends Error {
  override name = 'Malformed';
}

export interface Codec<T> {
  decode(json: Json | undefined, path: string): T;
  encode(value: T): Json | undefined;
}

export type Typed<C> = C extends Codec<infer T> ? T : never;

function fail(path: string, wanted: string): never {
  throw new Malformed(`${path || 'frame'}: ${wanted} expected`);
}

function plain<T extends Json>(wanted: string, is: (json: Json | undefined) => boolean): Codec<T> {
  return {
    decode: (json, path) => (is(json) ? (json as T) : fail(path, wanted)),
    encode: (value) => value,
  };
}

export const str = plain<string>('text', (json) => typeof json === 'string');
export const bool = plain<boolean>('true or false', (json) => typeof json === 'boolean');
export const u32 = plain<number>('a number', (json) => Number.isInteger(json) && Number(json) >= 0 && Number(json) <= 0xffffffff);
export const any: Codec<Json> = {
  decode: (json, path) => (json === undefined ? fail(path, 'a value') : json),
  encode: (value) => value,
};

const MAX_U64 = (1n << 64n) - 1n;
const MAX_I64 = (1n << 63n) - 1n;

/** An unsigned 64-bit integer, a number in JSON. */
export const u64: Codec<bigint> = {
  decode(json, path) {
    if (typeof json !== 'bigint' && !Number.isSafeInteger(json)) fail(path, 'a whole number');
    const value = BigInt(json as number | bigint);
    return value >= 0n && value <= MAX_U64 ? value : fail(path, '64 bits');
  },
  encode: (value) => value,
};

/** Money in minor units: a signed 64-bit integer, text in JSON. */
export const minor: Codec<bigint> = {
  decode(json, path) {
    if (typeof json !== 'string' || !/^(0|-?[1-9]\d{0,18})$/.test(json)) fail(path, 'minor units');
    const value = BigInt(json as string);
    return value >= -MAX_I64 - 1n && value <= MAX_I64 ? value : fail(path, '64 bits');
  },
  encode: (value) => value.toString(),
};

/** Bytes as lowercase hex, kept as text; of `bytes` bytes if that is given. */
export function hex(bytes?: number): Codec<string> {
  const length = bytes === undefined ? '*' : `{${bytes}}`;
  const pattern = new RegExp(`^([0-9a-f]{2})${length}$`);
  return plain<string>('lowercase hex', (json) => typeof json === 'string' && pattern.test(json));
}

export const uuid = plain<string>('an id', (json) => typeof json === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(json));

export function list<T>(of: Codec<T>): Codec<T[]> {
  return {
    decode: (json, path) => (Array.isArray(json) ? json.map((item, at) => of.decode(item, `${path}[${at}]`)) : fail(path, 'a list')),
    encode: (value) => value.map((item) => of.encode(item) ?? null),
  };
}

/** A value that may be null, and is null when the field is left out. */
export function nullable<T>(of: Codec<T>): Codec<T | null> {
  return {
    decode: (json, path) => (json === null || json === undefined ? null : of.decode(json, path)),
    encode: (value) => (value === null ? null : of.encode(value)),
  };
}

/** A value that is null when the field is left out, and then is left out again. */
export function optional<T>(of: Codec<T>): Codec<T | null> {
  return {
    decode: (json, path) => (json === null || json === undefined ? null : of.decode(json, path)),
    encode: (value) => (value === null ? undefined : of.encode(value)),
  };
}

/** A value that is `fallback` when the field is left out, and is left out when it is. */
export function fallback<T>(of: Codec<T>, value: T): Codec<T> {
  return {
    decode: (json, path) => (json === undefined ? value : of.decode(json, path)),
    encode: (given) => (given === value ? undefined : of.encode(given)),
  };
}

export function oneOf<const T extends string>(...words: T[]): Codec<T> {
  return plain<T>(words.join(' or '), (json) => (words as string[]).includes(json as string));
}

type Fields = Record<string, Codec<never> | Codec<any>>;
type Obj<F extends Fields> = { [K in keyof F]: Typed<F[K]> };

function isObject(json: Json | undefined): json is { [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function object<F extends Fields>(fields: F): Codec<Obj<F>> {
  const entries = Object.entries(fields) as [string, Codec<unknown>][];
  return {
    decode(json, path) {
      if (!isObject(json)) return fail(path, 'an object');
      return Object.fromEntries(entries.map(([key, codec]) => [key, codec.decode(json[key], `${path}.${key}`)])) as Obj<F>;
    },
    encode(value) {
      const pairs = entries.map(([key, codec]) => [key, codec.encode((value as Record<string, unknown>)[key])] as const);
      return Object.fromEntries(pairs.filter(([, item]) => item !== undefined)) as Json;
    },
  };
}

type Variant<F extends Fields> = { [K in keyof F & string]: { kind: K; value: Typed<F[K]> } }[keyof F & string];

/** `{"name": value}` in JSON, `{kind: "name", value}` here. A name that is unknown decodes to `unknown` if that is among the shapes. */
export function variant<F extends Fields>(shapes: F): Codec<Variant<F>> {
  return {
    decode(json, path) {
      const [kind, ...others] = isObject(json) ? Object.keys(json) : [];
      if (kind === undefined || others.length > 0) return fail(path, 'one of its shapes');
      const codec = Object.hasOwn(shapes, kind) ? shapes[kind] : fail(path, Object.keys(shapes).join(' or '));
      return { kind, value: (codec as Codec<unknown>).decode((json as Record<string, Json>)[kind], `${path}.${kind}`) } as Variant<F>;
    },
    encode: ({ kind, value }) => ({ [kind]: (shapes[kind] as Codec<unknown>).encode(value) ?? null }),
  };
}
