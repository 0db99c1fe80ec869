import Notifications
import Repository
import Synchronization

/// How far an organization's audit chain has been verified, and the result.
struct ChainFinding: Sendable {
    /// The newest entry up to which every hash is correct and refers to the previous entry.
    var verified: Int64 = 0
    fileprivate var hash = AuditChain.genesis
    /// From this point on, every entry has a MAC.
    fileprivate var hasMACs = false
    /// The last entry that is missing at the beginning.
    fileprivate var missing: AuditHead?
    /// The newest `audit.pruned` entry, which says what was removed.
    fileprivate var pruned: AuditHead?
    /// The first entry that does not match; nil if all do.
    var broken: Int64?
}

/// Verifies audit chains when they are viewed, and remembers how far it got, so that only new entries are read.
final class ChainChecks: Sendable {
    private static let entriesAtOnce = 500
    /// The maximum number of entries read per view; the next view continues.
    private static let entriesALook = 20_000

    private let known = Mutex<[OrganizationID: ChainFinding]>([:])

    /// - Parameters:
    ///   - head: the signed head of the chain, where reading stops.
    ///   - prunedUpTo: entries up to this one were removed by retention. The first remaining entry contains its hash.
    func check(
        upTo head: AuditCheckpoint, prunedUpTo: Int64, _ repository: Repository, as principal: Principal, isAnew: Bool
    ) async throws(RepositoryError) -> ChainFinding {
        let organization = head.organizationID
        var finding = (isAnew ? nil : known.withLock { $0[organization] }) ?? ChainFinding()
        if finding.verified < prunedUpTo {
            let first = try await repository.auditEntries(
                after: prunedUpTo, limit: 1, of: organization, as: principal)
            let hash = first.first?.previousHash ?? head.hash
            finding = ChainFinding(missing: AuditHead(sequence: prunedUpTo, hash: hash))
        }
        let limit = finding.verified + Int64(Self.entriesALook)
        while finding.broken == nil, finding.verified < min(head.sequence, limit) {
            let count = Int(min(Int64(Self.entriesAtOnce), head.sequence - finding.verified))
            let entries = try await repository.auditEntries(
                after: finding.verified, limit: count, of: organization, as: principal)
            finding.follow(entries, repository.auditAuthenticity.isAuthentic)
        }
        if finding.verified == head.sequence || prunedUpTo > head.sequence {
            if finding.hash != head.hash { finding.broken = head.sequence }
            if !finding.explains(prunedUpTo: prunedUpTo) { finding.broken = max(1, prunedUpTo) }
        }
        let found = finding
        known.withLock { $0[organization] = found.broken == nil ? found : nil }
        return found
    }
}

extension ChainFinding {
    /// A chain that begins after an entry.
    fileprivate init(missing: AuditHead) {
        (verified, hash, self.missing) = (missing.sequence, missing.hash, missing)
    }

    /// Whether the chain itself records that entries up to this one were pruned. The database also says so elsewhere, but
    /// whoever removed them could have written that.
    fileprivate func explains(prunedUpTo: Int64) -> Bool {
        guard prunedUpTo > 0 else { return missing == nil }
        guard let pruned, pruned.sequence == prunedUpTo else { return false }
        return missing.map { $0.sequence < prunedUpTo || $0 == pruned } ?? true
    }

    fileprivate mutating func follow(_ entries: [AuditEntry], _ isAuthentic: (AuditEntry) -> Bool) {
        if entries.isEmpty { broken = verified + 1 }
        for entry in entries {
            let hasMAC = entry.mac != nil
            guard entry.sequence == verified + 1, entry.previousHash == hash, hasMAC || !hasMACs,
                isAuthentic(entry)
            else {
                broken = verified + 1
                return
            }
            (verified, hash, hasMACs) = (entry.sequence, entry.hash, hasMAC)
            if let pruning = AuditPruning(entry) { pruned = AuditHead(sequence: pruning.upTo, hash: pruning.hash) }
        }
    }
}
