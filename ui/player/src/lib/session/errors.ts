import { Problem } from '../api/http';

/** The code of whatever was thrown, for a message. */
export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : 'unknown';
}
