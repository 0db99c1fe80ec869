// Runs its course and fails a threshold: k6 exits with 99.
import http from 'k6/http';

export const options = { vus: 2, iterations: 20, thresholds: { http_req_failed: ['rate<0.01'] } };

export default function () {
  http.get(`${__ENV.TARGET}/broken`);
}
