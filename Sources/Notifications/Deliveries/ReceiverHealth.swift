/// A channel's receiver as shown to people. Only exists if there is something to show.
package struct ReceiverHealth: Equatable, Sendable {
    /// When deliveries began to fail; nil if the last attempt was delivered.
    package let failingSince: Timestamp?
    package let circuit: Circuit?
    package let hold: Hold?
    /// What the last failure found.
    package let finding: Finding?
    /// The last successful delivery; nil if there was none.
    package let lastSuccess: Timestamp?

    /// The receiver has been unreachable for so long that only probes are sent.
    package struct Circuit: Equatable, Sendable {
        package let openSince: Timestamp
        package let nextProbeAt: Timestamp?

        package init(openSince: Timestamp, nextProbeAt: Timestamp?) {
            self.openSince = openSince
            self.nextProbeAt = nextProbeAt
        }
    }

    /// The receiver asked for a pause.
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
