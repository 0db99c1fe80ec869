import DequeModule
import Repository

/// The lanes of one organization that are ready, in two lines that take turns: those whose last attempt was answered, and
/// the others, which may have to wait for room of their own.
struct ReadyLanes {
    private var answered: Deque<Lane> = []
    private var unanswered: Deque<Lane> = []
    private var isAnsweredNext = true

    var isEmpty: Bool { answered.isEmpty && unanswered.isEmpty }

    func has(hasRoomForUnanswered: Bool) -> Bool { !answered.isEmpty || hasRoomForUnanswered && !unanswered.isEmpty }

    mutating func append(_ lane: Lane, isAnswered: Bool) {
        if isAnswered { answered.append(lane) } else { unanswered.append(lane) }
    }

    mutating func popFirst(hasRoomForUnanswered: Bool) -> Lane? {
        guard hasRoomForUnanswered, !unanswered.isEmpty else { return answered.popFirst() }
        defer { isAnsweredNext.toggle() }
        return isAnsweredNext ? answered.popFirst() ?? unanswered.popFirst() : unanswered.popFirst()
    }

    /// A lane that stands in one line goes to the end of the other.
    mutating func move(_ lane: Lane, isAnswered: Bool) {
        if isAnswered { unanswered.removeAll { $0 == lane } } else { answered.removeAll { $0 == lane } }
        append(lane, isAnswered: isAnswered)
    }
}
