/// A channel's past states and subscriptions, as far as explanations of deliveries need them, oldest first. Empty if
/// they are no longer known.
package struct ChannelHistory: Sendable {
    /// The channel after one change.
    package struct Step: Sendable {
        package let at: Timestamp
        /// `user:7`, `key:0190…`, `operator` or `system`.
        package let actor: String
        /// The member's display name.
        package let actorName: String?
        package let state: ChannelState
        package let subscription: Subscription
        package let disabledReason: String?

        package init(
            at: Timestamp, actor: String, actorName: String? = nil, state: ChannelState, subscription: Subscription,
            disabledReason: String?
        ) {
            self.at = at
            self.actor = actor
            self.actorName = actorName
            self.state = state
            self.subscription = subscription
            self.disabledReason = disabledReason
        }
    }

    package let steps: [Step]

    package init(_ steps: [Step]) {
        self.steps = steps
    }

    /// The step that was in effect at a moment.
    package func step(at moment: Timestamp) -> Step? {
        steps.last { $0.at <= moment }
    }

    /// The step that put the channel into the state it had at a moment; nil if it was in another state.
    package func beginning(of state: ChannelState, at moment: Timestamp) -> Step? {
        guard let last = steps.lastIndex(where: { $0.at <= moment }), steps[last].state == state else { return nil }
        let earlier = steps[..<last].lastIndex { $0.state != state }
        return steps[earlier.map { $0 + 1 } ?? 0]
    }
}

extension ChannelHistory.Step {
    /// The same step, by somebody with that name.
    package func named(_ name: String?) -> ChannelHistory.Step {
        ChannelHistory.Step(
            at: at, actor: actor, actorName: name, state: state, subscription: subscription,
            disabledReason: disabledReason)
    }

    /// `Anna` or `user 7`, for people.
    package var who: String {
        if let actorName { return DisplayText.line(actorName) }
        let parts = actor.pieces(between: ":", atMost: 2)
        return switch parts.first {
        case "user": "user \(parts.last ?? "")"
        case "key": "a service key"
        case "system": "Runbell"
        default: "the \(actor)"
        }
    }
}
