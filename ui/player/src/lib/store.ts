// What this browser keeps: one JSON document a key in localStorage. Storage may be full or forbidden; then nothing is kept,
// and play goes on without surviving a reload.

import { readJson, writeJson, type Json } from './json';

export function load<T>(key: string, read: (json: Json) => T): T | null {
  try {
    const text = localStorage.getItem(`house.${key}`);
    return text === null ? null : read(readJson(text));
  } catch {
    return null;
  }
}

export function save(key: string, value: Json | undefined): void {
  try {
    localStorage.setItem(`house.${key}`, writeJson(value));
  } catch {
    // Nothing is kept then.
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(`house.${key}`);
  } catch {
    // It could not have been kept either.
  }
}
