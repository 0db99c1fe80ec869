/// What a transaction has read and written of receivers' health so far, so that many results of one channel cost one
/// look-up and one note.
struct KnownHealth {
    /// Queues with nothing to remember: for them an arrival changes nothing.
    var clean: Set<ChannelQueue> = []
    /// Queues at which a message has arrived.
    var arrivals: Set<ChannelQueue> = []
}
