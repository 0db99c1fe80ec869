// Goes on until somebody stops it: k6 exits with 105 when it is interrupted.
import http from 'k6/http';
import { sleep } from 'k6';

export const options = { vus: 1, duration: '2m' };

export default function () {
  http.get(`${__ENV.TARGET}/shop`);
  sleep(0.05);
}
