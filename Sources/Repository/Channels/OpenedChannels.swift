import Notifications
import Synchronization

/// Channels whose settings have been decrypted, so that the next message to them need not do it again. Each is kept with
/// its version, which changes whenever the channel is saved. Only a channel that a committed transaction has read may be
/// kept, and a transaction that uses one has read the version in force. Channels with large settings are not kept, so
/// that the memory has a bound.
final class OpenedChannels: Sendable {
    /// In bytes of JSON.
    private static let longestSettings = 4096

    private let channels = Mutex(RecentValues<ChannelID, Channel>(limit: 1024))

    /// The channel of that organization in that version; nil if it is not kept.
    func channel(_ id: ChannelID, of organization: OrganizationID, version: Int64) -> Channel? {
        guard let channel = channels.withLock({ $0[id] }), channel.version == version,
            channel.organizationID == organization
        else { return nil }
        return channel
    }

    /// Only for what a transaction read that is committed by now.
    func keep(_ channel: Channel) {
        if let kept = channels.withLock({ $0[channel.id] }), kept.version >= channel.version { return }
        guard channel.isReadable, JSONValue.object(channel.settings.json).compactBytes.count <= Self.longestSettings
        else { return }
        channels.withLock { $0.set(channel, for: channel.id) }
    }
}
