// Which edge is nearest: a socket is opened to each at the same time, and what answers first is best. An upgrade costs two
// round trips, so half of its time is one. An edge that does not answer in time comes last.

import type { Edge } from './state';

const PATIENCE_MS = 2500;

export async function measure(edges: { name: string; url: string }[]): Promise<Edge[]> {
  const measured = await Promise.all(edges.map(async (edge) => ({ ...edge, rttMs: await roundTrip(edge.url) })));
  return sorted(measured);
}

/** Nearest first; silent ones last, in the order given. */
export function sorted(edges: Edge[]): Edge[] {
  return [...edges].sort((a, b) => (a.rttMs ?? Infinity) - (b.rttMs ?? Infinity) || 0);
}

function roundTrip(url: string): Promise<number | null> {
  return new Promise((resolve) => {
    const began = performance.now();
    let socket: WebSocket;
    try {
      socket = new WebSocket(url);
    } catch {
      return resolve(null);
    }
    const end = (value: number | null): void => {
      clearTimeout(patience);
      socket.onopen = socket.onerror = null;
      socket.close();
      resolve(value);
    };
    const patience = setTimeout(() => end(null), PATIENCE_MS);
    socket.onopen = () => end((performance.now() - began) / 2);
    socket.onerror = () => end(null);
  });
}

/** The edge that holds the table first, if it answers: at another one the table would be closed and its round carried over. */
export function backToTable(edges: Edge[], name: string | null): Edge[] {
  const held = edges.filter((edge) => edge.name === name && edge.rttMs !== null);
  return [...held, ...edges.filter((edge) => !held.includes(edge))];
}
