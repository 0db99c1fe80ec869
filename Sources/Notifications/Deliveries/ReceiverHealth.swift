/// What is known of a channel's receiver, as it is shown. There is one only where something had to be remembered.
package struct ReceiverHealth: Equatable, Sendable {
    /// Nothing has arrived since this first failure; nil when the last attempt arrived.
    package let failingSince: Timestamp?
    package let circuit: Circuit?
    package let hold: Hold?
    /// What the last failure found.
    package let finding: Finding?
    /// When something arrived last; nil when nothing ever did.
    package let lastSuccess: Timestamp?

    /// Nobody was there for so long that only probes are sent.
    package struct Circuit: Equatable, Sendable {
        package let openSince: Timestamp
        package let nextProbeAt: Timestamp?

        package init(openSince: Timestamp, nextProbeAt: Timestamp?) {
            self.openSince = openSince
            self.nextProbeAt = nextProbeAt
        }
    }

    /// The receiver asked to be left alone.
    package struct Hold: Equatable, Sendable {
        package let until: Timestamp
        package let finding: Finding?

        package init(until: Timestamp, finding: Finding?) {
            self.until = until
            self.finding = finding
        }
    }

    package init(
        failingSince: Timestamp?, circuit: Circuit?, hold: Hold?, finding: Finding?, lastSuccess: Timestamp? = nil
    ) {
        self.failingSince = failingSince
        self.circuit = circuit
        self.hold = hold
        self.finding = finding
        self.lastSuccess = lastSuccess
    }
}
