import Notifications
import Synchronization

/// Channels whose settings have been decrypted, so that the next message to them need not do it again. Each is kept with
/// its version, which changes whenever the channel is saved. Only a channel that a committed transaction has read may be
/// kept, and a transaction that uses one has read the version in force. It keeps at least the last `limit` channels and
/// at most twice as many; large ones are not kept, so its memory stays below 8 MiB.
final class OpenedChannels: Sendable {
    private static let limit = 1024
    /// In bytes of JSON.
    private static let longestSettings = 4096

    private struct Content {
        var newer: [ChannelID: Channel] = [:]
        var older: [ChannelID: Channel] = [:]

        subscript(id: ChannelID) -> Channel? { newer[id] ?? older[id] }

        mutating func keep(_ channel: Channel) {
            newer[channel.id] = channel
            guard newer.count >= OpenedChannels.limit else { return }
            older = newer
            newer = [:]
        }
    }

    private let content = Mutex(Content())

    /// The channel of that organization in that version; nil if it is not kept.
    func channel(_ id: ChannelID, of organization: OrganizationID, version: Int64) -> Channel? {
        guard let channel = content.withLock({ $0[id] }), channel.version == version,
            channel.organizationID == organization
        else { return nil }
        return channel
    }

    /// Only for what a transaction read that is committed by now.
    func keep(_ channel: Channel) {
        if let kept = content.withLock({ $0[channel.id] }), kept.version >= channel.version { return }
        guard channel.isReadable, JSONValue.object(channel.settings.json).compactBytes.count <= Self.longestSettings
        else { return }
        content.withLock { $0.keep(channel) }
    }
}
