import Crypto

/// One hash over the heads of all chains, in two steps, so that a change costs one bucket rather than everything:
/// chains are distributed over 1,024 buckets by organization, a bucket's hash is over its heads, and the root is over
/// the buckets' hashes.
package enum AuditRoot {
    package static let bucketCount = 1024

    /// The first ten bits of the SHA-256 of the id in decimal.
    package static func bucket(of organization: OrganizationID) -> Int {
        var bytes = SHA256.hash(data: Array(organization.description.utf8)).makeIterator()
        let (first, second) = (bytes.next() ?? 0, bytes.next() ?? 0)
        return Int(first) << 2 | Int(second) >> 6
    }

    /// The hash of one bucket. The heads must be sorted by organization.
    package static func hash(ofBucket heads: [(organization: OrganizationID, head: AuditHead)]) -> [UInt8] {
        var hasher = SHA256()
        for (organization, head) in heads {
            hasher.update(
                data: AuditChain.bytes(7, [organization.description, String(head.sequence), head.hash]))
        }
        return Array(hasher.finalize())
    }

    /// The root, as 64 hexadecimal digits, over the hashes of all buckets in order.
    package static func root(of buckets: [[UInt8]]) -> String {
        var hasher = SHA256()
        hasher.update(data: [10])
        for bucket in buckets { hasher.update(data: bucket) }
        return Hexadecimal.encode(hasher.finalize())
    }
}
