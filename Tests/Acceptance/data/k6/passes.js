// Ends well: k6 exits with 0.
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 2, iterations: 20, thresholds: { checks: ['rate==1.0'] } };

export default function () {
  check(http.get(`${__ENV.TARGET}/shop`), { 'the shop is open': (answer) => answer.status === 200 });
}
