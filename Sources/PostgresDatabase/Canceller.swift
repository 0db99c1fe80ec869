import CPostgres
import Synchronization

/// Asks the server to stop what a connection is doing, from any thread, over a connection of its own.
final class Canceller: Sendable {
    /// The address of libpq's handle: a pointer is not Sendable.
    private let handle: Mutex<UInt>

    init(_ connection: OpaquePointer) {
        handle = Mutex(UInt(bitPattern: PQgetCancel(connection)))
    }

    /// Blocks until the server has been asked. It may stop the statement after that, if it still runs.
    func cancel() {
        handle.withLock { handle in
            var words = [CChar](repeating: 0, count: 256)
            guard let handle = OpaquePointer(bitPattern: handle) else { return }
            PQcancel(handle, &words, CInt(words.count))
        }
    }

    deinit {
        handle.withLock { PQfreeCancel(OpaquePointer(bitPattern: $0)) }
    }
}
