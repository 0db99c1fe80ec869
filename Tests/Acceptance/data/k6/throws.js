// Throws before the first iteration: k6 exits with 107.
import http from 'k6/http';

export const options = { vus: 1, iterations: 3 };

export function setup() {
  const answer = http.get(`${__ENV.TARGET}/shop`);
  throw new Error(`no products in an answer of ${answer.body.length} characters`);
}

export default function () {}
