import NIOCore
import Notifications

/// A watched list: its organization and its query, as bytes. Equal lists show the same rows.
struct LiveList: Hashable, Sendable {
    let organization: OrganizationID
    let query: [UInt8]
}

/// What the streams show, as a value. For each organization, one list is queried per second, however many are open: its
/// lists are queried in turn, and all streams of a list share the result.
struct LiveBoard {
    typealias Instant = ContinuousClock.Instant

    /// A server-sent event; its number changes with its content.
    struct Picture {
        let number: Int
        let event: ByteBuffer
    }

    private struct Entry {
        var watchers = 0
        var lookedAt: Instant?
        var picture: Picture?
    }

    private struct Turn {
        var isTaken = false
        var next: Instant?
        var lists: Set<LiveList> = []
    }

    private static let interval = Duration.seconds(1)
    /// A slow list is queried less often: querying takes at most a twentieth of the time.
    private static let rest = 20

    private var entries: [LiveList: Entry] = [:]
    private var turns: [OrganizationID: Turn] = [:]
    private var pictures = 0

    func picture(of list: LiveList) -> Picture? { entries[list]?.picture }

    mutating func join(_ list: LiveList) {
        entries[list, default: Entry()].watchers += 1
        turns[list.organization, default: Turn()].lists.insert(list)
    }

    mutating func leave(_ list: LiveList) {
        entries[list]?.watchers -= 1
        guard entries[list]?.watchers == 0 else { return }
        entries[list] = nil
        turns[list.organization]?.lists.remove(list)
        if turns[list.organization]?.lists.isEmpty == true { turns[list.organization] = nil }
    }

    /// True if the caller is to query now; it must then call `endTurn`.
    mutating func takeTurn(_ list: LiveList, at now: Instant) -> Bool {
        guard let turn = turns[list.organization], !turn.isTaken, turn.next.map({ $0 <= now }) ?? true else {
            return false
        }
        guard turn.lists.allSatisfy({ isDue(list, before: $0) }) else { return false }
        turns[list.organization]?.isTaken = true
        return true
    }

    /// - Parameter event: nil if the list could not be read.
    mutating func endTurn(_ list: LiveList, with event: ByteBuffer?, since start: Instant, at now: Instant) {
        turns[list.organization]?.isTaken = false
        turns[list.organization]?.next = start + max(Self.interval, (now - start) * Self.rest)
        entries[list]?.lookedAt = start
        guard let event, entries[list]?.picture?.event != event else { return }
        pictures += 1
        entries[list]?.picture = Picture(number: pictures, event: event)
    }

    private func isDue(_ list: LiveList, before other: LiveList) -> Bool {
        guard let mine = entries[list]?.lookedAt else { return true }
        guard let others = entries[other]?.lookedAt else { return false }
        return mine <= others
    }
}
