// Playing cards as events write them: rank and suit, as `AS` and `TD`.

export interface Face {
  rank: string;
  suit: 'C' | 'D' | 'H' | 'S';
}

const SIGNS = { C: '♣', D: '♦', H: '♥', S: '♠' } as const;

export function face(label: string): Face | null {
  const found = /^([A23456789TJQK])([CDHS])$/.exec(label);
  return found ? { rank: found[1] === 'T' ? '10' : (found[1] as string), suit: found[2] as Face['suit'] } : null;
}

export const sign = ({ suit }: Face): string => SIGNS[suit];
export const isRed = ({ suit }: Face): boolean => suit === 'D' || suit === 'H';
/** As it is read in a line of text. */
export const short = (label: string): string => {
  const card = face(label);
  return card ? card.rank + sign(card) : '?';
};

/** Cards in an event's data. */
export const cardsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
