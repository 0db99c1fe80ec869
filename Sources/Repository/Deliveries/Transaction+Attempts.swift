import Notifications

/// The table of attempts, as it is read.
extension Transaction {
    /// Oldest first.
    func attempts(of delivery: DeliveryID) throws(RepositoryError) -> [Attempt] {
        try connection.rows(
            """
            SELECT number, started_at, duration, verdict, finding_code, finding_text, status, address, channel_version,
                resolving, connecting, securing, waiting, answer, answer_head
            FROM attempts WHERE organization_id = $1 AND delivery_id = $2 ORDER BY number
            """, [SQLValue(organization), SQLValue(delivery)]
        ) { row throws(RepositoryError) in
            let answer = try answer(row.optionalBlob(13), ofAttempt: row.integer(0), delivery)
            return Attempt(row, answer: answer, head: Int(row.optionalInteger(14) ?? 0))
        }
    }
}

extension Attempt {
    /// - Parameter head: how many bytes of the answer are its header fields.
    fileprivate init(_ row: any SQLRow, answer: [UInt8]?, head: Int) {
        self.init(
            number: Int(row.integer(0)), startedAt: row.time(1), duration: .microseconds(row.integer(2)),
            verdict: row.text(3), finding: row.optionalText(4).map { Finding($0, row.text(5)) },
            status: row.optionalInteger(6).map(Int.init), address: row.optionalText(7),
            answer: answer.map { Array($0.dropFirst(head)) },
            answerHead: head == 0 ? nil : answer.map { String(decoding: $0.prefix(head), as: UTF8.self) },
            channelVersion: row.optionalInteger(8), timings: Timings(row))
    }
}

extension Timings {
    fileprivate init(_ row: any SQLRow) {
        let part = { (column: Int) in row.optionalInteger(column).map { Duration.microseconds($0) } }
        self.init(
            resolve: part(9), connect: part(10), tls: part(11), head: part(12), total: .microseconds(row.integer(2)))
    }

    /// In the order of the columns.
    var parts: [Duration?] { [resolve, connect, tls, head] }
}
