// A small load test for k6: ten seconds of one request after the other, with a threshold. TARGET is what it loads; by default
// Runbell itself, which is there when you try this.
import http from 'k6/http';
import { check, sleep } from 'k6';

const target = __ENV.TARGET || 'http://127.0.0.1:8080/healthz';

export const options = {
  vus: 2,
  duration: '10s',
  thresholds: { checks: ['rate==1.0'], http_req_duration: ['p(95)<500'] },
};

export default function () {
  check(http.get(target), { 'status is 200': (answer) => answer.status === 200 });
  sleep(0.5);
}
