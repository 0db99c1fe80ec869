extension HTTPMessage {
    /// The address of a path at a server whose own address may end in a slash; empty if there is none.
    static func address(_ server: String?, _ path: String) -> String {
        guard let server, !server.isEmpty else { return "" }
        return server.withoutSlash + path
    }
}

extension URLRule {
    /// One of a service's own servers, without a path, or a host that the operator named for the service.
    static func servers(_ own: [String], or hosts: OtherHosts, service: String) -> URLRule {
        URLRule { url in
            if let error = server.error(url) { return error }
            let isOwn = url.scheme == .https && url.port == 443 && own.contains(where: url.host.sameBytes)
            return isOwn || hosts.contains(url)
                ? nil : "\(service)'s own address is \(own.map { "https://\($0)" }.joined(separator: " or "))."
        }
    }
}
