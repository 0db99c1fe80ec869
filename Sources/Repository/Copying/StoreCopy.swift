import Notifications

/// Copies a whole store into another database, of whatever engine, and shows that both are equal.
///
/// Each table is walked on both sides in the order of its key, and what differs is written. So a copy that was stopped
/// continues by comparing; what the service changed meanwhile is found in the same way; and the last walk, while nobody
/// can write to the source, is the proof.
package struct StoreCopy: Sendable {
    private let source: any CopyableDatabase
    private let target: any CopyableDatabase
    /// For people, without passwords.
    private let names: (source: String, target: String)
    private let report: @Sendable (CopyProgress) -> Void

    /// Rows of one transaction.
    static let piece = 2_000
    /// Triggers of the target change some rows as others are written, and the next walk puts that right.
    static let mostWalks = 6
    private static let parents = ["organizations", "audit_prunings"]
    private static let sums = ["ledger_totals"]

    /// Both databases have the newest schema.
    ///
    /// - Parameter report: told how far it is, after each piece.
    package init(
        from source: any CopyableDatabase, named sourceName: String, to target: any CopyableDatabase,
        named targetName: String, report: @escaping @Sendable (CopyProgress) -> Void = { _ in }
    ) {
        self.source = source
        self.target = target
        names = (sourceName, targetName)
        self.report = report
    }

    /// Marks the target as an unfinished copy, which no service uses. Refuses a source that was moved elsewhere, and a
    /// target that has data of its own. False if only `release` is left to do.
    package func begin() async throws(RepositoryError) -> Bool {
        let state = try await StoreState.read(target)
        if case .moved(let address) = try await StoreState.read(source) {
            guard address == names.target, state == .unfinished(from: names.source) else {
                throw .conflict("\(names.source) was moved to \(address), so it is not copied again")
            }
            return false
        }
        switch state {
        case .unfinished(from: names.source): break
        case .unfinished(let address):
            throw .conflict("\(names.target) is an unfinished copy of \(address); copy to an empty database")
        case .moved(let address):
            throw .conflict("\(names.target) was moved to \(address); copy to an empty database")
        case .own: try await claimTarget()
        }
        return true
    }

    private func claimTarget() async throws(RepositoryError) {
        try await target.write(in: .noOrganization) { [names] connection throws(RepositoryError) in
            let isUsed = try connection.row(
                "SELECT master_key_fingerprint FROM installation WHERE master_key_fingerprint IS NOT NULL", [],
                read: { _ in true })
            guard isUsed == nil else {
                throw .conflict("\(names.target) has data of its own; copy to an empty database")
            }
            try StoreState.write(.unfinished(from: names.source), on: connection)
        }
    }

    /// Copies what there is, while a service may go on writing to the source.
    package func catchUp() async throws(RepositoryError) { _ = try await walkAll() }

    /// Copies what is left and shows that both sides are equal, while nobody can write to the source. Then the source
    /// refuses every change; the target waits for `release`.
    ///
    /// - Parameter check: looks at the equal stores before that; the copy stays unfinished if it throws.
    package func finish(
        check: @Sendable () async throws(RepositoryError) -> Void = { () throws(RepositoryError) in }
    ) async throws(RepositoryError) -> [TableProof] {
        let tables = try await source.tables()
        return try await WriteHold.during(on: source) { () throws(RepositoryError) in
            let proof = try await prove()
            try await check()
            return proof
        } ending: { [source, names] connection throws(RepositoryError) in
            try StoreState.write(.moved(to: names.target), on: connection)
            for table in tables {
                for statement in source.refusal(ofChangesTo: table.name, reason: "this store was moved") {
                    try connection.execute(statement, [])
                }
            }
        }
    }

    /// Lets services use the target. The source has refused every change before, so at no time do both take events.
    package func release() async throws(RepositoryError) {
        try await target.write(in: .noOrganization) { connection throws(RepositoryError) in
            try StoreState.write(.own, on: connection)
        }
    }

    private func prove() async throws(RepositoryError) -> [TableProof] {
        for _ in 0..<Self.mostWalks {
            let proof = try await walkAll()
            if proof.allSatisfy(\.isEqual) { return proof }
        }
        throw .unavailable("the copy still differs after \(Self.mostWalks) walks")
    }

    private func walkAll() async throws(RepositoryError) -> [TableProof] {
        let tables = Self.ordered(try await source.tables())
        guard Self.ordered(try await target.tables()) == tables else {
            throw .unavailable("the two databases have different schemas")
        }
        var progress = CopyProgress()
        for table in tables { progress.total += try await count(table) }
        var proof: [TableProof] = []
        for table in tables {
            let walk = TableWalk(table: table.copied, source: source, target: target)
            proof.append(
                try await walk.run { rows in
                    progress.table = table.name
                    progress.done += rows
                    report(progress)
                })
        }
        return proof
    }

    private func count(_ table: CopiedTable) async throws(RepositoryError) -> Int64 {
        try await source.read(in: .wholeService) { connection throws(RepositoryError) in
            try connection.row(table.counting, []) { row in row.integer(0) } ?? 0
        }
    }

    /// What others refer to comes first; what triggers delete as other tables are written comes last.
    static func ordered(_ tables: [CopiedTable]) -> [CopiedTable] {
        func rank(_ table: CopiedTable) -> Int {
            parents.firstIndex(of: table.name) ?? (sums.contains(table.name) ? parents.count + 1 : parents.count)
        }
        return tables.sorted { ($0.name == $1.name ? 0 : rank($0), $0.name) < (rank($1), $1.name) }
    }
}

/// How far a walk over both stores is.
package struct CopyProgress: Sendable, Equatable {
    package internal(set) var table = ""
    /// Rows of the source.
    package internal(set) var done: Int64 = 0
    package internal(set) var total: Int64 = 0
}

/// What a walk found in a table.
package struct TableProof: Sendable, Equatable {
    package let table: String
    package let rows: Int64
    /// Of the source's rows: 64 hexadecimal digits.
    package let hash: String
    /// Of the target's rows as the walk found them.
    package let targetHash: String
    package var isEqual: Bool { hash == targetHash }
}
