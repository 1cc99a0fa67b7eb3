// How an upstream stands, in words.
import { age } from './format.js';

const REASONS = {
  NOT_READY: 'not ready',
  FAILED_CHECK: 'check failed',
  EJECTED: 'ejected',
  DRAINING: 'draining',
  CIRCUIT_OPEN: 'circuit open',
  UNREACHABLE: 'unreachable',
};

/** The sign beside the word says the same as the colour. */
export const SIGNS = { good: '●', calm: '○', warn: '◐', bad: '▲' };

const details = (upstream) => upstream.held.map((hold) => `${hold.detail}, for ${age(hold.seconds)}`).join('; ');

/** @return word, tone (a key of SIGNS) and more, which may be empty */
export function standing(upstream) {
  if (upstream.held) {
    const word = upstream.held.map((hold) => REASONS[hold.reason] ?? hold.reason).join(', ');
    const calm = upstream.held.every((hold) => hold.reason === 'DRAINING');
    return {
      word: upstream.serving ? `${word}, gets work all the same` : word,
      tone: calm ? 'calm' : 'bad',
      more: details(upstream),
    };
  }
  if (!upstream.serving) {
    return { word: 'spare', tone: 'calm', more: 'nothing is wrong with it; others are preferred' };
  }
  if (upstream.full) {
    return { word: 'full', tone: 'warn', more: 'it runs as many requests as limits.requests allows' };
  }
  if (upstream.warmth) {
    return { word: 'warming up', tone: 'warn', more: `${Math.floor(upstream.warmth)} % of its weight counts` };
  }
  return { word: 'serving', tone: 'good', more: '' };
}

/** Whether somebody should look. */
export const troubled = (upstream) => standing(upstream).tone === 'bad' || Boolean(upstream.full) || upstream.failed > 0;

/** What tells it from all others of its backend, over all its lives. */
export const key = (upstream) => `${upstream.address} ${upstream.uid ?? ''}`;
