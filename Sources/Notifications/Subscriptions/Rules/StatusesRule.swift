extension SubscriptionRule {
    /// By how a run ended. Only applies to finished runs, since every run starts with the same status.
    static let statuses = SubscriptionRule(
        key: "statuses", option: "statuses", label: "Result",
        items: .choices(
            TestStatus.allCases.map { status in
                Choice(
                    .integer(status.code), label: status.text, word: status.text, short: status.text,
                    isOffered: status.isFinal)
            }),
        expectation: "Statuses are the documented codes, -1 to 12.",
        help: "How load tests end. Whether their starts are sent is chosen under Events.", reason: "status",
        wanted: ("runs that end as", "runs that end as"), unwanted: "runs that end in this status", summary: "ends in "
    ) { items, event, _ in
        guard case .testFinished(let run) = event else { return true }
        return items.contains(.integer(run.status.code))
    }
}
