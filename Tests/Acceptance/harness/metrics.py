"""A service's metrics, read with Prometheus' own client."""

import requests
from prometheus_client.parser import text_string_to_metric_families


def samples(service) -> dict[str, float]:
    answer = requests.get(f"{service.url}/metrics", timeout=5)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        f"{sample.name} {' '.join(sample.labels.values())}".strip(): sample.value
        for family in families
        for sample in family.samples
    }
