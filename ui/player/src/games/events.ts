// Reading the data of a game's events, whatever it is.

/** Field of an event's data. */
export function field(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[name] : undefined;
}

/** An amount in minor units, text in the data; zero if there is none. */
export function minorOf(data: unknown, name: string): bigint {
  const text = field(data, name);
  return typeof text === 'string' && /^\d{1,19}$/.test(text) ? BigInt(text) : 0n;
}
