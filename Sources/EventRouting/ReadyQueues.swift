import DequeModule
import Repository

/// The ready queues of one organization, in two lines that take turns: those whose last attempt was answered, and the
/// others, which may have to wait for room.
struct ReadyQueues {
    private var answered: Deque<ChannelQueue> = []
    private var unanswered: Deque<ChannelQueue> = []
    private var isAnsweredNext = true

    var isEmpty: Bool { answered.isEmpty && unanswered.isEmpty }

    func has(hasRoomForUnanswered: Bool) -> Bool { !answered.isEmpty || hasRoomForUnanswered && !unanswered.isEmpty }

    mutating func append(_ queue: ChannelQueue, isAnswered: Bool) {
        if isAnswered { answered.append(queue) } else { unanswered.append(queue) }
    }

    mutating func popFirst(hasRoomForUnanswered: Bool) -> ChannelQueue? {
        guard hasRoomForUnanswered, !unanswered.isEmpty else { return answered.popFirst() }
        defer { isAnsweredNext.toggle() }
        return isAnsweredNext ? answered.popFirst() ?? unanswered.popFirst() : unanswered.popFirst()
    }

    /// Moves a queue from its line to the end of the other.
    mutating func move(_ queue: ChannelQueue, isAnswered: Bool) {
        if isAnswered { unanswered.removeAll { $0 == queue } } else { answered.removeAll { $0 == queue } }
        append(queue, isAnswered: isAnswered)
    }
}
