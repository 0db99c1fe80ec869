import NIOCore
import Notifications

extension ListeningAddress {
    /// Every address at which a listener can be reached, given the host it was configured with. Blocks while a name is
    /// looked up; empty for a name without addresses.
    package static func all(listeningOn host: String, port: Int) -> [ListeningAddress] {
        let named = IPAddress(host).map { [$0] } ?? (try? SystemLookup(isAbsolute: false).addresses(of: host)) ?? []
        return named.flatMap { all(listeningOn: $0, port: port) }
    }

    /// Every address at which a listener can be reached: those of all interfaces if it listens on 0.0.0.0 or `::`.
    package static func all(listeningOn address: IPAddress, port: Int) -> [ListeningAddress] {
        let listener = ListeningAddress(address: address, port: port)
        guard address.isUnspecified, let devices = try? System.enumerateDevices() else { return [listener] }
        let addresses = devices.compactMap { device in
            device.address?.ipAddress.flatMap { IPAddress($0) }
        }
        return [listener] + Set(addresses).map { ListeningAddress(address: $0, port: port) }
    }
}
