import Notifications

/// The run that `trigger` posts.
enum MadeUpRun {
    static let name = "Made-up run"

    /// The run at its start. Only the organization has to be known: what is sent should arrive somewhere.
    static func run(_ settings: Settings, by key: KeyFacts?, now: Timestamp) throws(CommandFailure) -> LoadTestRun {
        guard let organization = settings.number(.organization) ?? key?.organization else {
            throw CommandFailure(.usage, "no organization given; pass --organization ID, or set RUNBELL_ORGANIZATION")
        }
        return LoadTestRun(
            status: .running, userID: UserID(settings.number(.user) ?? key?.user ?? 1),
            name: settings.text(.name) ?? name,
            organizationID: OrganizationID(organization), loadTestID: LoadTestID(settings.number(.loadTest) ?? 1),
            id: LoadTestRunID(settings.number(.run) ?? now.microseconds / 1000),
            projectID: ProjectID(settings.number(.project) ?? key?.project ?? 1))
    }

    /// What to do if an event goes nowhere because there are no channels; nil if there are some.
    static func hint(_ accepted: JSONValue, in organization: OrganizationID) -> String? {
        let counts = accepted["deliveries"] ?? .null
        guard counts["due"]?.integer == 0, counts["skipped"]?.integer == 0 else { return nil }
        return "Organization \(organization) has no channels, so nobody was notified. Add one on the pages, or with a "
            + "personal key:\n  runbell channels add --organization \(organization) --name Team --url ADDRESS"
    }

    /// What the service made of an event.
    static func text(_ accepted: JSONValue, of event: EventContent) -> String {
        let counts = accepted["deliveries"] ?? .null
        let status = event.run.map { ", \($0.statusText)" } ?? ""
        return "\(event.type.rawValue)\(status): \(counts["due"]?.cell ?? "0") to be delivered, "
            + "\(counts["skipped"]?.cell ?? "0") skipped (event \(accepted["id"]?.cell ?? "?"))."
    }
}
