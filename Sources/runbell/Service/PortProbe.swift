import Glibc

/// Asks the system about TCP ports. Another process may take the port before it is used; then listening fails with an
/// error.
enum PortProbe {
    static func isFree(_ address: ListenAddress) -> Bool {
        bind(address) != nil
    }

    /// Replaces port 0 with a free port. The egress policy must know our own port before we listen.
    static func settled(_ address: ListenAddress) -> ListenAddress {
        guard address.port == 0, let port = bind(address) else { return address }
        return ListenAddress(host: address.host, port: port)
    }

    /// Binds and releases a port; nil if that is not possible.
    private static func bind(_ address: ListenAddress) -> Int? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard Glibc.bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0, listen(descriptor, 1) == 0
        else {
            return nil
        }
        return port(of: descriptor)
    }

    private static func port(of descriptor: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isKnown = withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.baseAddress.map { getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self), &length) == 0 }
                ?? false
        }
        // IPv4 and IPv6 addresses have their port at the same offset, in network order.
        return isKnown ? withUnsafeBytes(of: &storage) { Int($0[2]) << 8 | Int($0[3]) } : nil
    }
}
