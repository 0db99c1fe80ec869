import Glibc

/// Asks the system about TCP ports. Another process may take the port before it is used; then listening fails with an
/// error.
enum PortProbe {
    static func isFree(_ address: ListenAddress) -> Bool { obstacle(at: address) == nil }

    /// Why nobody can listen there, for people; nil if it is possible.
    static func obstacle(at address: ListenAddress) -> String? {
        guard case .failure(let obstacle) = bind(address) else { return nil }
        let shown = "\(address.host):\(address.port)"
        return switch obstacle.code {
        case nil: "the host of \(shown) cannot be looked up; set RUNBELL_LISTEN to an address of this machine"
        case EADDRINUSE: "\(shown) is in use by another process"
        case EADDRNOTAVAIL: "\(address.host) is no address of this machine; set RUNBELL_LISTEN to one that is"
        case EACCES: "this user may not listen on \(shown); set RUNBELL_LISTEN to a port from 1024 on"
        case let code?: "could not listen on \(shown): \(String(cString: strerror(code)))"
        }
    }

    /// Replaces port 0 with a free port. The egress policy must know our own port before we listen.
    static func settled(_ address: ListenAddress) -> ListenAddress {
        guard address.port == 0, case .success(let port) = bind(address) else { return address }
        return ListenAddress(host: address.host, port: port)
    }

    private struct Obstacle: Error {
        /// Of errno; nil if the host could not be looked up.
        let code: Int32?
    }

    /// Binds and releases a port.
    private static func bind(_ address: ListenAddress) -> Result<Int, Obstacle> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &found) == 0, let found else {
            return .failure(Obstacle(code: nil))
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { return .failure(Obstacle(code: errno)) }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard Glibc.bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0, listen(descriptor, 1) == 0,
            let port = port(of: descriptor)
        else { return .failure(Obstacle(code: errno)) }
        return .success(port)
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
