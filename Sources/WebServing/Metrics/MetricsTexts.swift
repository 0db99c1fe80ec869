/// What each metric means, for `# HELP`. The table in docs/operations.md has the same texts; a test compares them.
enum MetricsTexts {
    static let all = [
        "runbell_events_accepted_total": "events stored",
        "runbell_deliveries_skipped_total": "deliveries of stored events that were skipped",
        "runbell_attempts_total": "attempts by verdict: delivered, retry, postponed, refused, gone",
        "runbell_local_faults_total":
            "attempts that were not sent because of a local fault: names, sockets, network, settings",
        "runbell_attempt_duration_seconds": "a histogram of attempt durations",
        "runbell_deliveries_under_way": "deliveries being sent",
        "runbell_nodes": "on PostgreSQL, the nodes that are alive, as this one knows",
        "runbell_node_in_charge":
            "on PostgreSQL, 1 at the node that does the maintenance; the sum over all nodes is 1",
        "runbell_database_round_trips_total": "on PostgreSQL, how often a read or a write waited for the server",
        "runbell_set_aside_total": """
        channels, deliveries and events set aside because their stored data cannot be read; 0 unless data or a key \
        is damaged
        """,
        "runbell_csp_reports_total":
            "browsers' reports of violations of the pages' content security policy; 0 unless something is wrong",
        "runbell_refusals_total": "attempts to do what the caller may not do; the audit log merges them",
        "runbell_wrong_keys_total":
            "invalid keys presented. The service's log has the first of each minute, with its source",
        "runbell_audit_findings_total":
            "audit logs that were changed outside Runbell; 0 unless something is wrong",
        "runbell_disk_free_bytes": "free space on the database's disk",
        "runbell_database_free_bytes": "free space inside the database file",
        "runbell_http_requests_total": """
        all responses: of the API, the pages and their files; 499 where the client left before its response was ready
        """,
        "runbell_http_request_duration_seconds":
            "a histogram of response times, without requests that wait for events (events/live)",
    ]
}
