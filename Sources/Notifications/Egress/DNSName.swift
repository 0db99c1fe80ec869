/// Rules for host names (RFC 1123, RFC 6761), and names that never belong to a public receiver.
package enum DNSName {
    /// Checks a lower-case name: labels of letters, digits and hyphens, no trailing dot, and no numeric last label,
    /// because old parsers read `127.1` and `0x7f.1` as IPv4 addresses.
    static func check(_ name: String) throws(OutboundURLError) {
        guard !name.isEmpty else { throw OutboundURLError(message: "The address has no host name.") }
        guard name.utf8.last != UInt8(ascii: ".") else {
            throw OutboundURLError(message: "The host name must not end with a dot.")
        }
        guard name.utf8.count <= 253 else {
            throw OutboundURLError(message: "The host name must be at most 253 characters.")
        }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        for label in labels { try check(label: label) }
        if let last = labels.last, isNumber(last) {
            throw OutboundURLError(
                message:
                    "A host that ends in a number must be an IPv4 address of four decimal numbers, as in 192.0.2.1.")
        }
    }

    private static func check(label: Substring.UTF8View) throws(OutboundURLError) {
        guard (1...63).contains(label.count) else {
            throw OutboundURLError(message: "Each part of a host name must have 1 to 63 characters.")
        }
        let hyphen = UInt8(ascii: "-")
        guard label.first != hyphen, label.last != hyphen, label.allSatisfy(isNameByte) else {
            throw OutboundURLError(
                message: "A host name may have letters, digits and, within a part, hyphens.")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func isNumber(_ label: Substring.UTF8View) -> Bool {
        label.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            || label.starts(with: "0x".utf8) && label.dropFirst(2).allSatisfy(isHexDigit)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    /// Names of cloud metadata services, which hand out credentials: always refused.
    static func isMetadata(_ name: String) -> Bool {
        ["metadata", "metadata.google.internal", "instance-data", "metadata.azure.internal", "metadata.tencentyun.com"]
            .contains(name) || name.hasPrefix("instance-data.") && name.hasSuffix(".internal")
    }

    /// Names that only exist inside one network, or nowhere.
    static func isPrivate(_ name: String) -> Bool {
        let labels = name.split(separator: ".")
        guard labels.count > 1, let last = labels.last else { return true }
        return privateSuffixes.contains(String(last)) || name.hasSuffix(".home.arpa") || name == "home.arpa"
    }

    /// RFC 6761, 6762, 7686, 9476; ICANN's `.internal`; and names that were never delegated because many private
    /// networks use them.
    private static let privateSuffixes: Set<String> = [
        "alt", "corp", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "mail",
        "onion", "private", "svc", "test",
    ]
}
