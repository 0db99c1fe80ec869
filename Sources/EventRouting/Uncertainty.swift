/// Commits that may have succeeded although they failed, as a count that rises: when to look at what they did.
struct Uncertainty {
    private var resolved = 0
    private var seen = 0
    private var since = Duration.zero

    /// Whether something is unresolved, and nothing has been added for so long.
    mutating func isOld(_ count: Int, at now: Duration, after pause: Duration) -> Bool {
        if count != seen { (seen, since) = (count, now) }
        return count != resolved && now - since >= pause
    }

    mutating func resolve(_ count: Int) { resolved = count }
}
