/// The part of an address between `://` and the path: a host and possibly a port.
struct URLAuthority {
    let host: String
    let address: IPAddress?
    let port: Int?

    init(parsing text: Substring) throws(OutboundURLError) {
        guard !text.isEmpty else { throw OutboundURLError(message: "The address has no host name.") }
        guard !text.utf8.contains(UInt8(ascii: "@")) else {
            throw OutboundURLError(message: "The address must not contain a user name or password (@).")
        }
        guard !text.utf8.contains(UInt8(ascii: "%")) else {
            throw OutboundURLError(message: "The host must not contain % or an IPv6 zone.")
        }
        if text.startsWithBytes(of: "[") {
            (host, address, port) = try Self.bracketed(text)
        } else {
            (host, address, port) = try Self.named(text)
        }
    }

    private static func bracketed(_ text: Substring) throws(OutboundURLError) -> (String, IPAddress?, Int?) {
        let parts = text.dropFirst().pieces(between: "]", atMost: 2)
        guard parts.count == 2, case .v6? = IPAddress(parts[0]), let address = IPAddress(parts[0]) else {
            throw OutboundURLError(
                message: "Square brackets must enclose an IPv6 address, as in https://[2001:db8::1]/.")
        }
        let rest = parts[1]
        guard rest.isEmpty || rest.startsWithBytes(of: ":") else {
            throw OutboundURLError(message: "Only a port may follow the closing square bracket.")
        }
        return (address.description, address, rest.isEmpty ? nil : try port(rest.dropFirst()))
    }

    private static func named(_ text: Substring) throws(OutboundURLError) -> (String, IPAddress?, Int?) {
        let parts = text.pieces(between: ":")
        guard parts.count <= 2 else {
            throw OutboundURLError(
                message:
                    "A host may have one port, and an IPv6 address needs square brackets, as in https://[2001:db8::1]/."
            )
        }
        let host = parts[0].lowercased()
        let address = IPAddress(host)
        if address == nil { try DNSName.check(host) }
        return (host, address, parts.count == 2 ? try port(parts[1]) : nil)
    }

    private static func port(_ text: Substring) throws(OutboundURLError) -> Int {
        guard text.utf8.count <= 5, let port = UInt16(text), port > 0, text.sameBytes(as: String(port)) else {
            throw OutboundURLError(message: "The port must be a number from 1 to 65535, without leading zeros.")
        }
        return Int(port)
    }
}
