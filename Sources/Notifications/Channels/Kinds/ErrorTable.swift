/// What a service's documented errors mean. The words are ours to show: they come from this table, not from the answer.
struct ErrorTable: Sendable {
    /// What an error means for the delivery and the channel.
    enum Meaning: Sendable {
        /// The address will not work again.
        case gone
        /// The message is wrong, not the address.
        case refused
        /// The service asks for another attempt.
        case retry
    }

    /// One error of the service.
    struct Row: Sendable {
        /// The service's own word or number for it, which the answer contains.
        let word: String
        /// The end of our code: `unknown_webhook`.
        let code: String
        let meaning: Meaning
        /// What it means and what to do about it; follows a colon.
        let advice: String

        init(_ word: String, _ code: String, _ meaning: Meaning, _ advice: String) {
            self.word = word
            self.code = code
            self.meaning = meaning
            self.advice = advice
        }
    }

    /// The kind's id, with which the codes begin.
    let kind: String
    /// The service's name, for people.
    let service: String
    let rows: [Row]

    static let report = "The channel is fine; please report this as a bug in Runbell."

    /// The meaning of an answer that contains one of the errors; nil if it contains none.
    func verdict(on word: String?, after wait: Duration?) -> Verdict? {
        guard let word, let row = rows.first(where: { $0.word.sameBytes(as: word) }) else { return nil }
        return verdict(row, after: wait)
    }

    /// The same for services that answer in sentences: the first error whose words the sentence contains, in any case.
    func verdict(onSentence sentence: String?, after wait: Duration?) -> Verdict? {
        guard let sentence = sentence?.prefix(bytes: 1000).lowercased() else { return nil }
        let row = rows.first { sentence.utf8.contains(Array($0.word.lowercased().utf8)) }
        return row.map { verdict($0, after: wait) }
    }

    private func verdict(_ row: Row, after wait: Duration?) -> Verdict {
        let finding = Finding("\(kind).\(row.code)", "\(service) returned \"\(row.word)\": \(row.advice)")
        return switch row.meaning {
        case .gone: .gone(finding)
        case .refused: .refused(finding)
        case .retry: .retry(finding, after: wait)
        }
    }
}
