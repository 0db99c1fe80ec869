/// Lets only so many tests in at once.
package actor TestRoom {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(_ size: Int) {
        free = size
    }

    package func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    package func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
